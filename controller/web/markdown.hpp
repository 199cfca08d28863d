// Markdown as HTML. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace chaos::web {

/// Where a link of the text leads on this server; empty: nowhere, its text stays.
using LinkTo = std::function<std::string(std::string_view url)>;

/// CommonMark with GitHub's tables, by cmark-gfm. Raw HTML and links to scripts are left out.
std::string markdown_html(std::string_view markdown, const LinkTo& link_to);

}  // namespace chaos::web
