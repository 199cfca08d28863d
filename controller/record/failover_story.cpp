// What failovers lost, in words: known as soon as each was counted, whether or not a ledger check followed.
#include "record/report.hpp"
#include "record/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos::record {
namespace {

constexpr std::size_t kMostTold = 5;

std::vector<const v1::Event*> losses_of(const RunData& data) {
  std::vector<const v1::Event*> losses;
  for (const auto& event : data.events) {
    if (is_failover_loss(event)) losses.push_back(&event);
  }
  return losses;
}

bool uncounted(const v1::Event* loss) { return loss->what() == "failover_uncounted"; }

/// "93 acknowledged orders"; empty where no failover could count any.
std::string orders_text(const RunData& data, const std::vector<const v1::Event*>& losses) {
  if (data.lost_in_failover.empty()) return {};
  const bool more = std::any_of(losses.begin(), losses.end(), uncounted);
  return (more ? "at least " : "") + plural(data.lost_in_failover.size(), "acknowledged order");
}

std::string told(const v1::Event& loss) { return "at " + clock_text(loss.lab_s()) + ": " + loss.text(); }

std::string all_told(const std::vector<const v1::Event*>& losses) {
  std::string text;
  for (std::size_t i = 0; i < losses.size() && i < kMostTold; ++i) text += (i ? "; " : "") + told(*losses[i]);
  return losses.size() > kMostTold ? text + fmt::format("; and {} more failovers", losses.size() - kMostTold) : text;
}

std::string in_brackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

}  // namespace

std::string failover_sentence(const RunData& data) {
  const auto losses = losses_of(data);
  const std::string orders = orders_text(data, losses);
  if (losses.empty()) return orders.empty() ? "" : "A failover lost " + orders + ".";
  const std::string who = losses.size() == 1 ? "A failover" : fmt::format("{} failovers", losses.size());
  if (orders.empty()) return fmt::format("{} may have lost acknowledged orders ({}).", who, all_told(losses));
  return fmt::format("{} lost {} ({}).", who, orders, all_told(losses));
}

std::vector<Fact> failover_facts(const RunData& data) {
  const auto losses = losses_of(data);
  if (losses.empty() && data.lost_in_failover.empty()) return {};
  const std::string orders = orders_text(data, losses);
  return {{"Lost by failover", orders.empty() ? std::string(kNotMeasuredText) : orders, all_told(losses)}};
}

std::vector<std::string> failover_ledger(const RunData& data) {
  const auto losses = losses_of(data);
  std::vector<std::string> lines;
  if (const std::string orders = orders_text(data, losses); !orders.empty()) {
    lines.push_back(orders + " lost by a failover (acknowledged before the new primary had them): " + ids_text(data.lost_in_failover) + ".");
  }
  for (const auto* loss : losses) {
    if (uncounted(loss) && lines.size() < kMostTold) lines.push_back("Failover " + told(*loss) + ".");
  }
  return lines;
}

void failover_remarks(const Findings& f, Report* report) {
  const auto losses = losses_of(f.data);
  const std::string orders = orders_text(f.data, losses);
  if (losses.empty() && orders.empty()) return;
  std::string text = failover_sentence(f.data);
  if (!orders.empty()) text = fmt::format("A failover lost {}, answered with 201 and not yet replicated{}.", orders, in_brackets(all_told(losses)));
  if (f.data.ledger) {
    const bool all_else = f.data.ledger->lost.empty() && f.data.ledger->without_receipt.empty();
    text += all_else ? " Every other one is accounted for." : " Every other one is accounted for below.";
  }
  report->went_wrong.push_back(text);
  report->action_items.push_back("Who tells the customers whose orders the failover lost, and how far may a standby be behind before nobody promotes it?");
}

}  // namespace chaos::record
