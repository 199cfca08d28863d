// Prometheus' text format 0.0.4, for pages that choose their series at each scrape.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos::broker {

enum class Scope { summed, per_object, detailed };

/// What a page shows: how, and of the detailed one which groups.
struct Selection {
  Scope scope = Scope::summed;
  std::vector<std::string> families = {};
  bool shows(std::string_view group) const;
};

struct Figure {
  std::string_view name;      // without "rabbitmq_"
  std::string_view type;      // "gauge", "counter", "untyped"
  std::string_view help;
  std::string_view group;     // as /metrics/detailed names it
};

using LabelSet = std::vector<std::pair<std::string_view, std::string>>;

class PrometheusText {
 public:
  explicit PrometheusText(Selection selection) : selection_(std::move(selection)) {}
  bool shows(const Figure& figure) const { return selection_.shows(figure.group); }
  bool summed() const { return selection_.scope == Scope::summed; }
  void head(const Figure& figure);
  void line(const Figure& figure, const LabelSet& labels, double value);
  /// Head and a line without labels.
  void single(const Figure& figure, double value);
  std::string take() { return std::move(out_); }

 private:
  std::string full(const Figure& figure) const;
  Selection selection_;
  std::string out_;
};

}  // namespace chaos::broker
