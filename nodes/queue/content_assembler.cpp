#include "queue/content_assembler.hpp"

#include <algorithm>

namespace chaos::broker {

using amqp::Reply;

void ContentAssembler::begin(amqp::BasicPublish method) {
  publish_ = {};
  publish_.method = std::move(method);
  stage_ = Stage::header;
}

Outcome ContentAssembler::header(std::string_view payload) {
  if (stage_ != Stage::header) return refuse(Reply::unexpected_frame, "a content header without a method before it");
  auto header = amqp::decode_content_header(payload);
  if (!header) return refuse(Reply::syntax_error, "malformed content header");
  if (header->class_id != amqp::kBasicClass) return refuse(Reply::unexpected_frame, "content header of another class");
  if (header->body_size > max_body_) {
    stage_ = Stage::idle;
    return refuse(Reply::precondition_failed, "message size " + std::to_string(header->body_size) +
                                                  " is larger than configured max size " + std::to_string(max_body_));
  }
  publish_.raw = header->raw;
  publish_.properties = std::move(header->properties);
  missing_ = header->body_size;
  whole_ = missing_ == 0;
  stage_ = whole_ ? Stage::idle : Stage::body;
  return {};
}

Outcome ContentAssembler::body(std::string_view payload) {
  if (stage_ != Stage::body) return refuse(Reply::unexpected_frame, "a content body that no header announced");
  if (payload.size() > missing_) return refuse(Reply::frame_error, "more content than the header announced");
  publish_.body.append(payload);
  missing_ -= payload.size();
  whole_ = missing_ == 0;
  if (whole_) stage_ = Stage::idle;
  return {};
}

std::optional<Publish> ContentAssembler::take() {
  if (!whole_) return std::nullopt;
  whole_ = false;
  return std::move(publish_);
}

}  // namespace chaos::broker
