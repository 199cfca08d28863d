#include "runtime/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace chaos {
namespace {

namespace json = boost::json;

TEST(JsonText, NumbersReadAsPeopleWriteThem) {
  EXPECT_EQ(json_text(json::array{0.0, 0.5, 60.0, -1.25, 0.1, 1e6, 123456.789}), "[0.0,0.5,60.0,-1.25,0.1,1000000.0,123456.789]");
  EXPECT_EQ(json_text(json::array{7, -7, 18446744073709551615u}), "[7,-7,18446744073709551615]");
  EXPECT_EQ(json_text(json::array{1e15, 1e-7, 2.5e300}), "[1e+15,1e-07,2.5e+300]");
}

TEST(JsonText, EveryDoubleReadsBackAsTheSame) {
  for (const double number : {1.0 / 3, 1e-6, 999999999999999.9, 0.1 + 0.2, -1e14 / 7, 5e-300, std::numeric_limits<double>::max()}) {
    EXPECT_EQ(std::stod(json_text(number)), number) << json_text(number);
  }
}

TEST(JsonText, WhatIsNoNumberIsNull) {
  EXPECT_EQ(json_text(json::array{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}), "[null,null]");
}

TEST(JsonText, TheRestIsWrittenAsBoostDoes) {
  const json::value value{{"a \"quoted\"\n", json::array{true, nullptr, "x\u00e9"}}, {"empty", json::object{}}, {"none", json::array{}}};
  EXPECT_EQ(json_text(value), "{\"a \\\"quoted\\\"\\n\":[true,null,\"x\u00e9\"],\"empty\":{},\"none\":[]}");
}

}  // namespace
}  // namespace chaos
