#include "object_store/new_store.hpp"

namespace chaos {

namespace {

constexpr const char* kMark = "filled";
constexpr const char* kStatic = "static";
constexpr const char* kReceipts = "receipts";

Result<void> make_bucket(ObjectDisk& disk, ObjectIndex& index, const char* name, std::int64_t now_s) {
  if (index.bucket(name)) return {};
  auto made = disk.create_bucket(name);
  if (made) index.add_bucket(name, now_s);
  return made;
}

Result<void> make_object(ObjectDisk& disk, ObjectIndex& index, int number, std::string body, std::int64_t now_s) {
  ObjectHead head{std::to_string(number), {body.size(), md5(body), now_s}, {{"Content-Type", "text/plain"}}};
  auto written = disk.write(kStatic, head, body);
  if (written) index.put(kStatic, std::move(head.key), head.meta);
  return written;
}

}  // namespace

std::string static_content(int number, std::uint64_t bytes) {
  const std::string line = "static object " + std::to_string(number) + " of the shop\n";
  std::string body;
  body.reserve(bytes + line.size());
  while (body.size() < bytes) body.append(line);
  body.resize(bytes);
  return body;
}

Result<void> fill_new_store(ObjectDisk& disk, ObjectIndex& index, const NewStore& wanted, std::int64_t now_s) {
  if (disk.has_mark(kMark)) return {};
  for (const char* bucket : {kStatic, kReceipts}) {
    if (auto made = make_bucket(disk, index, bucket, now_s); !made) return made;
  }
  for (int number = 1; number <= wanted.objects; ++number) {
    if (index.find(kStatic, std::to_string(number))) continue;
    auto made = make_object(disk, index, number, static_content(number, wanted.object_bytes), now_s);
    if (!made) return made;
  }
  return disk.set_mark(kMark);
}

}  // namespace chaos
