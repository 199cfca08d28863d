#include "drill/utf8.hpp"

#include <boost/locale/utf.hpp>

#include <algorithm>

namespace chaos {

std::optional<int> line_of_bad_utf8(std::string_view text) {
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at != end) {
    const char* const before = at;
    const auto code = boost::locale::utf::utf_traits<char>::decode(at, end);
    if (code == boost::locale::utf::illegal || code == boost::locale::utf::incomplete) {
      return 1 + static_cast<int>(std::count(text.data(), before, '\n'));
    }
  }
  return std::nullopt;
}

}  // namespace chaos
