// HTML pages as answers: with the headers that keep them to themselves. Pure.
#pragma once

#include "runtime/http.hpp"

#include <string>
#include <string_view>

namespace chaos::web {

/// What a page may do. Everything else is forbidden: nothing from elsewhere, no form, no frame around it.
struct PageNeeds {
  std::string_view script{};       // the text between <script> and </script>, by its digest; empty: no script runs
  std::string_view style{};        // likewise; empty: any style that stands in the page
  bool connects = false;           // asks this server for data
};

/// Content-Security-Policy (w3.org/TR/CSP3).
std::string policy_of(const PageNeeds& needs);
HttpResponse html_response(unsigned status, std::string html, const std::string& policy);

/// A short page of the house's look, without script: title and body are HTML, title escaped.
std::string plain_page(std::string_view title, std::string_view body);
/// The policy of such a page.
const std::string& plain_policy();

/// The page at "/": markup, style and script in one, and its policy.
const std::string& console_page();
const std::string& console_policy();

}  // namespace chaos::web
