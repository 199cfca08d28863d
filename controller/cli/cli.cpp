#include "cli/cli.hpp"

#include "launch/file_lock.hpp"
#include "record/record.hpp"
#include "runtime/ports.hpp"

#include <boost/json.hpp>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <fstream>
#include <iostream>
#include <sstream>

namespace chaos::cli {

namespace {

ExitCode exit_code_of(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT: return kUsage;
    case grpc::StatusCode::NOT_FOUND: return kNotFound;
    case grpc::StatusCode::FAILED_PRECONDITION: return kNotNow;
    case grpc::StatusCode::DEADLINE_EXCEEDED: return kTimedOut;
    case grpc::StatusCode::UNAVAILABLE: return kNoLab;
    default: return kFailed;
  }
}

std::string text_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string{};
}

}  // namespace

std::string cut_off_run(const std::filesystem::path& data) {
  auto reader = RecordReader::open(data / "record.db");
  const auto runs = reader ? (*reader)->runs() : RecordResult<std::vector<RunInfo>>(std::vector<RunInfo>{});
  return runs && !runs->empty() && runs->back().state == RunState::cut_off ? runs->back().id : std::string{};
}

void expect_ok(const grpc::Status& status) {
  if (status.ok() || status.error_code() == grpc::StatusCode::CANCELLED) return;
  std::string text = status.error_message();
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) text = "the lab does not answer (" + text + ")";
  if (text == "Deadline Exceeded") text = "the controller does not answer in time: does it hang? see logs/controller.log in the data directory";
  throw Failure(exit_code_of(status.error_code()), text);
}

LabFile read_lab_file(const std::filesystem::path& data) {
  std::ifstream in(data / "lab.json");
  std::stringstream text;
  text << in.rdbuf();
  boost::system::error_code ec;
  const auto parsed = boost::json::parse(text.str(), ec);
  if (ec || !parsed.is_object()) return {};
  LabFile file;
  const auto& object = parsed.as_object();
  if (const auto* pid = object.if_contains("pid")) file.pid = static_cast<int>(pid->to_number<std::int64_t>(ec));
  if (file.pid <= 0 || !FileLock::held(data / "controller.lock")) return {};
  file.grpc = text_of(object, "grpc");
  file.http = text_of(object, "http");
  return file;
}

// What gRPC would only say in its own words, and late.
static std::string why_no_address(const std::string& controller) {
  if (controller.empty()) return "";
  const auto colon = controller.rfind(':');
  const std::string wanted = "--controller wants HOST:PORT, as 127.0.0.1:" + std::to_string(ports::kControllerGrpc);
  if (colon == std::string::npos || colon == 0 || controller.find("://") != std::string::npos) return "\"" + controller + "\": " + wanted;
  if (controller.substr(colon + 1) == std::to_string(ports::kControllerHttp)) return "\"" + controller + "\" is the web page's port; " + wanted;
  return "";
}

v1::Lab::StubInterface& Cli::lab() {
  if (stub_) return *stub_;
  if (const std::string why = why_no_address(controller); !why.empty()) throw Failure(kUsage, why);
  std::string target = controller;
  if (target.empty()) target = read_lab_file(data).grpc;
  if (target.empty()) {
    const std::string run = cut_off_run(data);
    const std::string next = run.empty() ? "start one: " + self() + " up      (another data directory: --data DIR; a lab in containers: --controller 127.0.0.1:7000)"
                                         : "its controller died in run " + run + "; go on with it: " + self() + " up --resume      or begin a new one: " + self() + " up";
    throw Failure(kNoLab, "no lab is up in " + data.string() + "\n" + next);
  }
  stub_ = v1::Lab::NewStub(grpc::CreateChannel(target, grpc::InsecureChannelCredentials()));
  return *stub_;
}

std::string Cli::web() const { return controller.empty() ? std::string{} : "http://" + controller.substr(0, controller.rfind(':')) + ":" + std::to_string(ports::kControllerHttp) + "/"; }

std::string Cli::self() const {
  if (!controller.empty()) return "chaosctl --controller " + controller;
  return data == Cli().data ? "chaosctl" : "chaosctl --data " + data.string();
}

void on_run(CLI::App* verb, Cli& cli, std::function<void()> body) {
  verb->callback([&cli, body = std::move(body)] {
    try {
      body();
    } catch (const Failure& failure) {
      std::cerr << "chaosctl: " << failure.what() << "\n";
      cli.exit_code = failure.code;
    }
  });
}

}  // namespace chaos::cli
