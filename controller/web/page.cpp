#include "web/page.hpp"

#include "record/words.hpp"
#include "web/files.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace chaos::web {

namespace {

std::string digest(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> sha{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), sha.data());
  std::array<unsigned char, 4 * ((SHA256_DIGEST_LENGTH + 2) / 3) + 1> base64{};
  const int length = EVP_EncodeBlock(base64.data(), sha.data(), static_cast<int>(sha.size()));
  return "'sha256-" + std::string(reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)) + "'";
}

std::string with(std::string page, std::string_view place, std::string_view text) {
  const auto at = page.find(place);
  return at == std::string::npos ? page : page.replace(at, place.size(), text);
}

}  // namespace

std::string policy_of(const PageNeeds& needs) {
  std::string out = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src data:";
  out += "; style-src " + (needs.style.empty() ? "'unsafe-inline'" : digest(needs.style));
  if (!needs.script.empty()) out += "; script-src " + digest(needs.script);
  if (needs.connects) out += "; connect-src 'self'";
  return out;
}

HttpResponse html_response(unsigned status, std::string html, const std::string& policy) {
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  response.headers.add("Content-Security-Policy", policy);
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "no-referrer");
  response.headers.add("Cache-Control", "no-store");
  response.body = std::move(html);
  return response;
}

std::string plain_page(std::string_view title, std::string_view body) {
  std::string page = with(std::string(files::kPlain), "{title}", record::escape_html(title));
  page = with(std::move(page), "{style}", files::kStyle);
  return with(std::move(page), "{body}", body);
}

const std::string& plain_policy() {
  static const std::string policy = policy_of({.style = files::kStyle});
  return policy;
}

const std::string& console_page() {
  static const std::string page = with(with(std::string(files::kConsole), "{style}", files::kStyle), "{script}", files::kScript);
  return page;
}

const std::string& console_policy() {
  static const std::string policy = policy_of({.script = files::kScript, .style = files::kStyle, .connects = true});
  return policy;
}

}  // namespace chaos::web
