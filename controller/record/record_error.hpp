// Failures of the record as values: a sentence for the person who runs the lab (file, what is wrong, what to do).
#pragma once

#include <boost/system/result.hpp>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace chaos {

struct RecordError {
  RecordError() = default;
  RecordError(const std::filesystem::path& file, const std::string& what) : text(file.string() + ": " + what) {}
  std::string text;
};

template <class T>
using RecordResult = boost::system::result<T, RecordError>;

/// What result::value() throws when there is none.
[[noreturn]] inline void throw_exception_from_error(const RecordError& error, const boost::source_location&) {
  throw std::runtime_error(error.text);
}

}  // namespace chaos
