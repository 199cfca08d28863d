#include "wire/s3_xml.hpp"

#include "wire/text.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace chaos::s3 {

namespace {

constexpr std::size_t kMaxDepth = 8;
constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
    {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};

void append_utf8(std::string& out, std::uint32_t c) {
  const auto tail = [&](int shift) { out.push_back(static_cast<char>(0x80 | ((c >> shift) & 0x3F))); };
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    tail(0);
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    tail(6), tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    tail(12), tail(6), tail(0);
  }
}

// "&#65;" or "&#x41;".
bool append_reference(std::string& out, std::string_view reference) {
  reference = reference.substr(2, reference.size() - 3);
  const bool hex = reference.starts_with('x');
  if (hex) reference.remove_prefix(1);
  std::uint32_t c = 0;
  const auto [end, error] = std::from_chars(reference.data(), reference.data() + reference.size(), c, hex ? 16 : 10);
  if (error != std::errc{} || end != reference.data() + reference.size() || c == 0 || c > 0x10FFFF) return false;
  if (c >= 0xD800 && c < 0xE000) return false;
  append_utf8(out, c);
  return true;
}

bool append_entity(std::string& out, std::string_view entity) {
  for (const auto& [name, c] : kEntities) {
    if (entity != name) continue;
    out.push_back(c);
    return true;
  }
  return entity.size() > 3 && entity.starts_with("&#") && append_reference(out, entity);
}

bool append_text(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto mark = std::min(text.find('&'), text.size());
    out.append(text.substr(0, mark));
    text.remove_prefix(mark);
    if (text.empty()) break;
    const auto end = text.find(';');
    if (end == std::string_view::npos || !append_entity(out, text.substr(0, end + 1))) return false;
    text.remove_prefix(end + 1);
  }
  return true;
}

class Reader {
 public:
  Reader(std::string_view text, std::size_t max_elements) : rest_(text), max_(max_elements) {}

  bool run() {
    while (!rest_.empty()) {
      const auto mark = std::min(rest_.find('<'), rest_.size());
      if (!text(rest_.substr(0, mark))) return false;
      rest_.remove_prefix(mark);
      if (!rest_.empty() && !markup()) return false;
    }
    return open_.empty() && !found_.empty();
  }
  std::vector<XmlElement> take() { return std::move(found_); }

 private:
  bool text(std::string_view piece) {
    if (!open_.empty()) return append_text(open_.back().text, piece);
    return piece.find_first_not_of(" \t\r\n\xEF\xBB\xBF") == std::string_view::npos;
  }

  bool skip_past(std::string_view end) {
    const auto at = rest_.find(end);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }

  bool markup() {
    if (rest_.starts_with("<?")) return skip_past("?>");
    if (rest_.starts_with("<!--")) return skip_past("-->");
    if (rest_.starts_with("<!")) return false;
    const auto end = rest_.find('>');
    if (end == std::string_view::npos) return false;
    auto tag = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (tag.starts_with('/')) return close(tag.substr(1));
    const bool empty = tag.ends_with('/');
    if (empty) tag.remove_suffix(1);
    tag = tag.substr(0, tag.find_first_of(" \t\r\n"));
    return open(tag) && (!empty || close(tag));
  }

  bool open(std::string_view name) {
    const bool second_root = open_.empty() && !found_.empty();
    if (name.empty() || name.size() > 64 || open_.size() >= kMaxDepth || second_root) return false;
    if (++opened_ > max_) return false;
    std::string path = open_.empty() ? std::string(name) : open_.back().path + "/" + std::string(name);
    open_.push_back({std::move(path), {}});
    return true;
  }

  bool close(std::string_view name) {
    name = name.substr(0, name.find_first_of(" \t\r\n"));
    if (open_.empty()) return false;
    const std::string_view path = open_.back().path;
    if (path.substr(path.rfind('/') + 1) != name) return false;
    found_.push_back(std::move(open_.back()));
    open_.pop_back();
    return true;
  }

  std::string_view rest_;
  std::size_t max_;
  std::size_t opened_ = 0;
  std::vector<XmlElement> open_;
  std::vector<XmlElement> found_;
};

}  // namespace

XmlWriter& XmlWriter::open(std::string_view name) {
  out_.append("<").append(name).append(">");
  return *this;
}

XmlWriter& XmlWriter::open_root(std::string_view name) {
  out_.append("<").append(name).append(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
  return *this;
}

XmlWriter& XmlWriter::open_with(std::string_view name, std::string_view attributes) {
  out_.append("<").append(name).append(" ").append(attributes).append(">");
  return *this;
}

XmlWriter& XmlWriter::close(std::string_view name) {
  out_.append("</").append(name).append(">");
  return *this;
}

XmlWriter& XmlWriter::leaf(std::string_view name, std::string_view text) {
  open(name);
  out_.append(xml_escape(text));
  return close(name);
}

XmlWriter& XmlWriter::leaf(std::string_view name, std::uint64_t number) { return leaf(name, std::to_string(number)); }

std::optional<std::vector<XmlElement>> parse_xml(std::string_view text, std::size_t max_elements) {
  Reader reader(text, max_elements);
  if (!reader.run()) return std::nullopt;
  return reader.take();
}

}  // namespace chaos::s3
