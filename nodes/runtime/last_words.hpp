// What a process tells the one that started it when it is about to die at once.
#pragma once

#include <string_view>

namespace chaos {

/// The descriptor of a launched node's pipe to its launcher (chaos-node --last-words), and what its memory guard writes there.
constexpr int kLastWordsDescriptor = 3;
constexpr std::string_view kOutOfMemory = "out_of_memory";

/// Allocates nothing and never waits. fd below 0: nobody listens.
void leave_last_words(int fd, std::string_view words);

}  // namespace chaos
