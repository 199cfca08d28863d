// Commands that are known and refused: what they need is not there, and they say so.
#include "redis/command.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

void no_scripts(Call& call) { call.error("ERR this node runs no scripts: EVAL, EVALSHA, SCRIPT, FUNCTION and FCALL are not supported"); }
void no_disk(Call& call) { call.error("ERR this node keeps nothing on disk: it comes back empty after a restart"); }
void no_cluster(Call& call) { call.error("ERR This instance has cluster support disabled"); }

void replicaof(Call& call) {
  if (is_word(call.args[1], "no") && is_word(call.args[2], "one")) return call.out.ok();   // it is a master already
  call.error("ERR this node cannot be a replica");
}

constexpr std::array kCommands{
    Command{"eval", -3, kNoscript | kStale | kSkipMonitor | kNoMandatoryKeys | kMovableKeys, 0, 0, 0, "scripting", "2.6.0",
            "Refused: the node runs no scripts.", no_scripts, {}, 2},
    Command{"evalsha", -3, kNoscript | kStale | kSkipMonitor | kNoMandatoryKeys | kMovableKeys, 0, 0, 0, "scripting", "2.6.0",
            "Refused: the node runs no scripts.", no_scripts, {}, 2},
    Command{"eval_ro", -3, kReadonly | kNoscript | kStale | kSkipMonitor | kNoMandatoryKeys | kMovableKeys, 0, 0, 0, "scripting", "7.0.0",
            "Refused: the node runs no scripts.", no_scripts, {}, 2},
    Command{"evalsha_ro", -3, kReadonly | kNoscript | kStale | kSkipMonitor | kNoMandatoryKeys | kMovableKeys, 0, 0, 0, "scripting", "7.0.0",
            "Refused: the node runs no scripts.", no_scripts, {}, 2},
    Command{"script", -2, 0, 0, 0, 0, "scripting", "2.6.0", "Refused: the node runs no scripts.", no_scripts},
    Command{"function", -2, 0, 0, 0, 0, "scripting", "7.0.0", "Refused: the node runs no scripts.", no_scripts},
    Command{"fcall", -3, kNoscript | kStale | kSkipMonitor | kNoMandatoryKeys | kMovableKeys, 0, 0, 0, "scripting", "7.0.0",
            "Refused: the node runs no scripts.", no_scripts, {}, 2},
    Command{"save", 1, kAdmin | kNoscript | kNoAsyncLoading | kNoMulti, 0, 0, 0, "server", "1.0.0",
            "Refused: the node keeps nothing on disk.", no_disk},
    Command{"bgsave", -1, kAdmin | kNoscript | kNoAsyncLoading, 0, 0, 0, "server", "1.0.0",
            "Refused: the node keeps nothing on disk.", no_disk},
    Command{"bgrewriteaof", 1, kAdmin | kNoscript | kNoAsyncLoading, 0, 0, 0, "server", "1.0.0",
            "Refused: the node keeps nothing on disk.", no_disk},
    Command{"cluster", -2, 0, 0, 0, 0, "cluster", "3.0.0", "Refused: the node is no cluster.", no_cluster},
    Command{"readonly", 1, kLoading | kStale | kFast, 0, 0, 0, "cluster", "3.0.0",
            "Refused: the node is no cluster.", no_cluster},
    Command{"readwrite", 1, kLoading | kStale | kFast, 0, 0, 0, "cluster", "3.0.0",
            "Refused: the node is no cluster.", no_cluster},
    Command{"replicaof", 3, kAdmin | kNoscript | kStale | kNoAsyncLoading, 0, 0, 0, "server", "5.0.0",
            "NO ONE; anything else is refused: the node is always a master.", replicaof},
    Command{"slaveof", 3, kAdmin | kNoscript | kStale | kNoAsyncLoading, 0, 0, 0, "server", "1.0.0",
            "The old name of REPLICAOF.", replicaof},
};

}  // namespace

std::span<const Command> refused_commands() { return kCommands; }

}  // namespace chaos::redis
