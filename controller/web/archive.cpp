#include "web/archive.hpp"

namespace chaos::web {

namespace {

constexpr std::size_t kMaxWaiting = 64;
constexpr RealDuration kPatience = std::chrono::seconds(20);

// Of one ask: whoever is left of the two that share it finds it whole.
struct Ask {
  std::optional<Archive::Answer> answer;
  WaitList done;
};

Archive::Answer read(const std::filesystem::path& file, const Archive::Work& work) {
  try {
    auto reader = RecordReader::open(file);
    if (!reader) return ArchiveFailure{ArchiveFailure::Kind::record, reader.error().text};
    return work(**reader);
  } catch (const std::exception& e) {
    return ArchiveFailure{ArchiveFailure::Kind::record, e.what()};
  }
}

}  // namespace

Archive::~Archive() {
  thread_.stop();
  thread_.join();
}

awaitable<Archive::Answer> Archive::ask(Work work) {
  if (*waiting_ >= kMaxWaiting) co_return ArchiveFailure{ArchiveFailure::Kind::overloaded, "too many questions to the record at once"};
  ++*waiting_;
  auto ask = std::make_shared<Ask>();
  auto on_thread = [ask, waiting = waiting_, engine = engine_, file = file_, work = std::move(work)] {
    auto answer = std::make_shared<Answer>(read(file, work));
    asio::post(engine, [ask, waiting, answer] {
      --*waiting;
      ask->answer = std::move(*answer);
      ask->done.notify_all();
    });
  };
  asio::post(thread_, std::move(on_thread));
  const RealTime deadline = RealClock::now() + kPatience;
  while (!ask->answer) {
    if (!co_await ask->done.wait(deadline)) co_return ArchiveFailure{ArchiveFailure::Kind::timeout, "the record did not answer in time"};
  }
  co_return std::move(*ask->answer);
}

}  // namespace chaos::web
