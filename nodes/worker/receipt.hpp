// A job and the receipt that it asks for. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos {

/// Column and value of an order's row, in the table's order; nullopt: NULL.
using OrderRow = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// The order's id in {"order": 17}; nullopt when the job is not that.
std::optional<std::int64_t> parse_receipt_job(std::string_view body);

/// An HTML page with every column of the row but its state; text is escaped. The same row gives the same page,
/// whenever it is made.
std::string render_receipt(std::int64_t order, const OrderRow& row);

/// "/receipts/17": bucket and key in path style.
std::string receipt_path(std::int64_t order);

}  // namespace chaos
