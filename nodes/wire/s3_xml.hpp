// As much XML 1.0 as S3's documents need: elements with text, no attributes to read, no entities of one's own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::s3 {

/// Builds a document; the caller balances open and close.
class XmlWriter {
 public:
  XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}
  XmlWriter& open(std::string_view name);
  /// The root of an S3 document, in the namespace of API version 2006-03-01.
  XmlWriter& open_root(std::string_view name);
  /// attributes: as they stand in the tag, escaped by the caller.
  XmlWriter& open_with(std::string_view name, std::string_view attributes);
  XmlWriter& close(std::string_view name);
  XmlWriter& leaf(std::string_view name, std::string_view text);
  XmlWriter& leaf(std::string_view name, std::uint64_t number);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// An element that ended: the names above it joined by '/' ("Delete/Object/Key"), and its text, decoded.
struct XmlElement {
  std::string path;
  std::string text;
  bool operator==(const XmlElement&) const = default;
};

/// The elements of a document in the order in which they end; nullopt when it is not well-formed, deeper than eight
/// or has more than max_elements. Attributes, comments and the declaration are passed over; DOCTYPE is refused.
std::optional<std::vector<XmlElement>> parse_xml(std::string_view text, std::size_t max_elements);

}  // namespace chaos::s3
