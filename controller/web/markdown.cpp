#include "web/markdown.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <cstdlib>
#include <memory>
#include <vector>

namespace chaos::web {

namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* it) const {
    free(it);
  }
};
using Parser = std::unique_ptr<cmark_parser, Free<cmark_parser_free>>;
using Node = std::unique_ptr<cmark_node, Free<cmark_node_free>>;
using Text = std::unique_ptr<char, Free<std::free>>;

std::vector<cmark_node*> links_of(cmark_node* root) {
  std::unique_ptr<cmark_iter, Free<cmark_iter_free>> iter(cmark_iter_new(root));
  std::vector<cmark_node*> links;
  while (cmark_iter_next(iter.get()) != CMARK_EVENT_DONE) {
    cmark_node* node = cmark_iter_get_node(iter.get());
    const bool left = cmark_iter_get_event_type(iter.get()) == CMARK_EVENT_EXIT;
    if (left && cmark_node_get_type(node) == CMARK_NODE_LINK) links.push_back(node);
  }
  return links;
}

// What it says stands where it stood.
void unwrap(cmark_node* link) {
  while (cmark_node* child = cmark_node_first_child(link)) cmark_node_insert_before(link, child);
  cmark_node_free(link);
}

}  // namespace

std::string markdown_html(std::string_view markdown, const LinkTo& link_to) {
  cmark_gfm_core_extensions_ensure_registered();
  constexpr int kOptions = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8;
  const Parser parser(cmark_parser_new(kOptions));
  if (cmark_syntax_extension* table = cmark_find_syntax_extension("table")) cmark_parser_attach_syntax_extension(parser.get(), table);
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  const Node root(cmark_parser_finish(parser.get()));
  for (cmark_node* link : links_of(root.get())) {
    const std::string url = link_to(cmark_node_get_url(link));
    if (url.empty()) unwrap(link);
    else cmark_node_set_url(link, url.c_str());
  }
  const Text html(cmark_render_html(root.get(), kOptions, cmark_parser_get_syntax_extensions(parser.get())));
  return html.get();
}

}  // namespace chaos::web
