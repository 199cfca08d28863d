// The texts of controller/web/page, built into the program (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace chaos::web::files {

extern const std::string_view kConsole;     // console.html: {style}, {script}
extern const std::string_view kPlain;       // plain.html: {title}, {style}, {body}
extern const std::string_view kStyle;       // style.css
extern const std::string_view kScript;      // console.js

}  // namespace chaos::web::files
