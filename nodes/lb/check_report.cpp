#include "lb/check_report.hpp"

namespace chaos {

namespace {

struct Status {
  std::string_view word;
  int number;
  std::string_view description;
};

constexpr Status kStatuses[] = {{"INI", 1, "Initializing"},
                                {"CHECKED", 3, "No status change"},
                                {"SOCKERR", 5, "Socket error"},
                                {"L4TOUT", 7, "Layer4 timeout"},
                                {"L4CON", 8, "Layer4 connection problem"},
                                {"L7TOUT", 12, "Layer7 timeout"},
                                {"L7RSP", 13, "Layer7 invalid response"},
                                {"L7OK", 15, "Layer7 check passed"},
                                {"L7OKC", 16, "Layer7 check conditionally passed"},
                                {"L7STS", 17, "Layer7 wrong status"}};
constexpr int kAnswered = 14;    // from this number on

const Status* find(std::string_view word) {
  for (const Status& one : kStatuses) {
    if (one.word == word) return &one;
  }
  return nullptr;
}

}  // namespace

std::string_view check_description(std::string_view status) {
  const Status* const found = find(status);
  return found ? found->description : std::string_view{};
}

int check_number(std::string_view status) {
  const Status* const found = find(status);
  return found ? found->number : 0;
}

bool check_answered(std::string_view status) { return check_number(status) > kAnswered; }

}  // namespace chaos
