#include "cli/verbs.hpp"

#include <iostream>

namespace chaos::cli {

namespace {

void collect(const CLI::App& app, const std::string& path, std::string& cases) {
  std::string words;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) words += verb->get_name() + " ";
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  }
  cases += "    \"" + path + "\") words=\"" + words + "\" ;;\n";
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    collect(*verb, path.empty() ? verb->get_name() : path + " " + verb->get_name(), cases);
  }
}

constexpr const char* kHead = R"(_chaosctl() {
  local cur="${COMP_WORDS[COMP_CWORD]}" path="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${COMP_WORDS[i]}" in -*) ;; *) path="${path:+$path }${COMP_WORDS[i]}" ;; esac
  done
  while :; do
    case "$path" in
)";

constexpr const char* kTail = R"(    *) words="" ;;
    esac
    [ -n "$words" ] || [ -z "$path" ] && break
    case "$path" in *\ *) path="${path% *}" ;; *) path="" ;; esac
  done
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _chaosctl chaosctl
)";

}  // namespace

void add_completion(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("completion", "the shell's completion: source <(chaosctl completion)");
  verb->footer("bash:  source <(chaosctl completion)\nzsh:   autoload -U bashcompinit && bashcompinit && source <(chaosctl completion)");
  auto shell = std::make_shared<std::string>("bash");
  verb->add_option("shell", *shell, "bash or zsh")->check(CLI::IsMember({"bash", "zsh"}))->capture_default_str();
  on_run(verb, cli, [&app] {
    std::string cases;
    collect(app, "", cases);
    std::cout << kHead << cases << kTail;
  });
}

}  // namespace chaos::cli
