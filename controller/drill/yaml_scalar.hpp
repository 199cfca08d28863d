// One scalar of a file into one field of a message, checked against the field's options. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace chaos {

/// Sets the field from its text. Empty when all is well, else what is wrong and what is allowed; then the field keeps
/// its value. The field must be a singular number, bool or text.
std::string set_scalar(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                       const std::string& text);

/// "number", "whole number", "text", ...: what the field takes.
std::string scalar_kind(const google::protobuf::FieldDescriptor& field);

/// What runtime/schema.hpp's allowed() says, and the clock form for lab_clock fields.
std::string allowed_text(const google::protobuf::FieldDescriptor& field);

}  // namespace chaos
