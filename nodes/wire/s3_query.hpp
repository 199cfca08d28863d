// The query of an S3 request. Used by s3.cpp.
#pragma once

#include "wire/s3.hpp"

namespace chaos::s3 {

struct Query {
  bool location = false;
  bool remove = false;       // "delete"
  bool v2 = false;           // list-type=2
  bool uploads = false;
  bool has_upload = false;   // uploadId was given, be it empty
};

/// Reads the parameters into `query` and into list, part, setting and overrides of `out`; unknown ones are passed over, as S3
/// does. none, invalid_uri or invalid_argument.
Error parse_query(std::string_view text, Query& query, Request& out);

/// Well-formed UTF-8 without NUL (Unicode, table 3-7).
bool valid_text(std::string_view text);

}  // namespace chaos::s3
