// Shows a stream of Progress while an operation runs.
#pragma once

#include "cli/cli.hpp"

#include <functional>

namespace chaos::cli {

using ProgressReader = std::unique_ptr<grpc::ClientReaderInterface<v1::Progress>>;

/// A line a step (on a terminal with a bar), or JSON objects. Ctrl-C stops looking, not the operation. Throws Failure when it failed.
void follow_progress(Cli& cli, const std::function<ProgressReader(grpc::ClientContext&)>& begin);

}  // namespace chaos::cli
