#include "cli/progress.hpp"
#include "cli/verbs.hpp"

namespace chaos::cli {

void add_failover(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("failover", "make a replica the primary: the old primary is stopped, servers and workers move, what was lost is counted");
  verb->footer("Replication is asynchronous: what the old primary had acknowledged and not sent yet is lost. The last line says\n"
               "which acknowledged orders that were, and by how much the logs differ.\n"
               "The old primary stays stopped. Started again, it copies the new primary and follows it; what only it had is gone.\n"
               "Look first:  psql -h REPLICA -U shop -c 'select pg_last_wal_receive_lsn(), pg_last_xact_replay_timestamp()'\n"
               "Examples:    chaosctl failover                   (the ready replica that has received most)\n"
               "             chaosctl failover replica-2 --rejoin\n"
               "             chaosctl failover --yes             (also while the primary serves: a switchover)");
  auto request = std::make_shared<v1::FailoverRequest>();
  auto node = std::make_shared<std::string>();
  auto yes = std::make_shared<bool>(false);
  auto rejoin = std::make_shared<bool>(false);
  verb->add_option("node", *node, "the standby to promote");
  verb->add_flag("--yes", *yes, "also while the present primary serves");
  verb->add_flag("--rejoin", *rejoin, "bring the old primary back as a standby at once");
  on_run(verb, cli, [&cli, request, node, yes, rejoin] {
    request->set_node(*node);
    request->set_yes(*yes);
    request->set_rejoin(*rejoin);
    follow_progress(cli, [&](grpc::ClientContext& context) { return cli.lab().Failover(&context, *request); });
  });
}

}  // namespace chaos::cli
