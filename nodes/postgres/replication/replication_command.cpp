#include "postgres/replication/replication_command.hpp"

#include "postgres/base/sql_error.hpp"
#include "wire/text.hpp"

#include <charconv>
#include <sstream>
#include <vector>

namespace chaos::pg {

namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::string clean(text.substr(0, text.find(';')));
  for (char& c : clean) c = c == '(' || c == ')' || c == ',' ? ' ' : upper(c);
  std::istringstream in(clean);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

int timeline_of(const std::string& word) {
  int timeline = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), timeline);
  return error == std::errc{} && end == word.data() + word.size() && timeline > 0 ? timeline : 0;
}

bool start_replication(const std::vector<std::string>& words, ReplicationCommand& out, ServerError& error) {
  out.kind = ReplicationCommand::Kind::start_replication;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "PHYSICAL") continue;
    if (words[i] == "SLOT" || words[i] == "LOGICAL") {
      error = make_error("0A000", "replication slots and logical replication are not supported");
      return false;
    }
    const auto lsn = parse_lsn(words[i]);
    if (!lsn) break;
    out.start = *lsn;
    if (i + 1 == words.size()) return true;
    if (i + 3 == words.size() && words[i + 1] == "TIMELINE") out.timeline = timeline_of(words[i + 2]);
    if (out.timeline > 0) return true;
    break;
  }
  error = make_error("42601", "START_REPLICATION needs a position, and may name a TIMELINE");
  return false;
}

}  // namespace

bool parse_replication_command(std::string_view text, ReplicationCommand& out, ServerError& error) {
  const std::vector<std::string> words = words_of(text);
  const std::string first = words.empty() ? "" : words[0];
  out = {};
  if (first == "START_REPLICATION") return start_replication(words, out, error);
  if (first == "IDENTIFY_SYSTEM") return out.kind = ReplicationCommand::Kind::identify_system, true;
  if (first == "TIMELINE_HISTORY" && words.size() == 2 && timeline_of(words[1]) > 0) {
    out.kind = ReplicationCommand::Kind::timeline_history;
    out.timeline = timeline_of(words[1]);
    return true;
  }
  if (first == "BASE_BACKUP") return out.kind = ReplicationCommand::Kind::base_backup, true;
  if (first == "SHOW" && words.size() > 1) {
    out.kind = ReplicationCommand::Kind::show;
    out.name = lower(words[1]);
    return true;
  }
  error = make_error("42601", "syntax error in replication command");
  return false;
}

std::string write_record(const WireRecord& record) {
  std::string out;
  {
    Writer writer(out, 0);
    writer.int32(0).int64(record.seq).int64(static_cast<std::int64_t>(record.lsn)).int64(record.at_us);
    writer.bytes(record.payload);
  }
  return out;
}

bool read_record(std::string_view bytes, WireRecord& out) {
  Reader reader(bytes);
  const std::int32_t length = reader.int32();
  reader.int32();
  out.seq = reader.int64();
  out.lsn = static_cast<Lsn>(reader.int64());
  out.at_us = reader.int64();
  out.payload = reader.rest();
  return reader.ok() && static_cast<std::size_t>(length) == bytes.size();
}

}  // namespace chaos::pg
