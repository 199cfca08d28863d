#include "lb/runtime_api.hpp"

#include <charconv>

namespace chaos {

namespace runtime_api {

std::vector<std::vector<std::string>> split_commands(std::string_view line) {
  std::vector<std::vector<std::string>> commands(1);
  std::string word;
  bool any = false;
  const auto end_word = [&] {
    if (any) commands.back().push_back(std::exchange(word, {}));
    any = false;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t') {
      end_word();
    } else if (c == ';') {
      end_word();
      commands.emplace_back();
    } else {
      const bool escape = c == '\\' && i + 1 < line.size();
      word.push_back(escape ? line[++i] : c);
      any = true;
    }
  }
  end_word();
  if (commands.size() > 1 && commands.back().empty()) commands.pop_back();
  return commands;
}

std::string_view word(const std::vector<std::string>& words, std::size_t at) { return at < words.size() ? std::string_view(words[at]) : std::string_view{}; }

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Found find_server(LbControl& lb, std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return {{}, "Require 'backend/server'.\n"};
  if (path.substr(0, slash) != kBackendName) return {{}, "No such backend.\n"};
  for (ServerView& server : lb.servers()) {
    if (server.name == path.substr(slash + 1)) return {std::move(server), {}};
  }
  return {{}, "No such server.\n"};
}

}  // namespace runtime_api

RuntimeApi::Reply RuntimeApi::run(std::string_view line) {
  Reply reply;
  if (line.ends_with('\r')) line.remove_suffix(1);
  for (const Words& command : runtime_api::split_commands(line)) {
    std::string text = answer(command);
    if (quit_) break;
    reply.text += std::move(text) + "\n";
  }
  reply.close = quit_ || !prompt_;
  if (prompt_ && !quit_) reply.text += "> ";
  return reply;
}

std::string RuntimeApi::answer(const Words& words) {
  const std::string_view verb = runtime_api::word(words, 0);
  if (verb == "show") return show(words);
  if (verb == "set") return set(words);
  if (verb == "get") return get(words);
  if (verb == "enable" || verb == "disable") return enable(words, verb == "enable");
  if (verb == "shutdown") return shut_down(words);
  if (verb == "clear") return clear(words);
  if (verb == "help") return runtime_api::help(words);
  if (verb == "prompt") {
    prompt_ = !prompt_;
    return {};
  }
  if (verb == "quit") {
    quit_ = true;
    return {};
  }
  return runtime_api::unknown(words);
}

}  // namespace chaos
