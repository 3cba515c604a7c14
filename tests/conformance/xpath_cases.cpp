#include "tests/conformance/xpath_cases.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

#include "core/forms/dates.hpp"
#include "tests/conformance/document_host.hpp"

namespace terreno::test {
namespace {

using namespace terreno::forms;

/// Follows "/*[1]/text()[2]/@name", the way the cases name nodes.
NodeId node_at(const DocumentHost& host, std::string_view path) {
  const NodeTree& tree = host.tree(0);
  NodeId at = 0;
  while (path.size() > 1) {
    path.remove_prefix(1);
    const std::size_t end = path.find('/', path.starts_with("@{") ? path.find('}') : 0);
    const std::string_view part = path.substr(0, end);
    path = end == std::string_view::npos ? "" : path.substr(end);
    if (part.front() == '@') {
      std::string_view name = part.substr(1);
      std::string_view uri;
      if (name.front() == '{') {
        uri = name.substr(1, name.find('}') - 1);
        name = name.substr(name.find('}') + 1);
      }
      NodeId a = tree[at].first_attribute;
      while (a != kNoNode && (host.names().text(tree[a].local) != local_part(name) ||
                              (!uri.empty() && host.names().text(tree[a].uri) != uri)))
        a = tree[a].next;
      at = a;
    } else {
      const NodeKind kind = part.starts_with("*")         ? NodeKind::Element
                            : part.starts_with("text")    ? NodeKind::Text
                            : part.starts_with("comment") ? NodeKind::Comment
                                                          : NodeKind::Instruction;
      int index = std::stoi(std::string(part.substr(part.find('[') + 1)));
      NodeId child = tree[at].first_child;
      for (; child != kNoNode; child = tree[child].next) {
        if (tree[child].kind == kind && --index == 0) break;
      }
      at = child;
    }
    if (at == kNoNode) return kNoNode;
  }
  return at;
}

double expected_number(const Json& expected) {
  if (!expected.is_text()) return expected.number();
  const std::string& text = expected.text();
  if (text == "NaN") return std::nan("");
  if (text == "Infinity") return HUGE_VAL;
  if (text == "-Infinity") return -HUGE_VAL;
  return -0.0;
}

bool same_number(double a, double b, double tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::fabs(a - b) <= tolerance;
}

std::int32_t offset_of_zone(const std::string& zone) { return zone == "America/Phoenix" ? -420 : 0; }

std::vector<NodeId> expected_nodes(const DocumentHost& host, const Json& expected) {
  std::vector<NodeId> nodes;
  for (const Json& path : expected.array()) nodes.push_back(node_at(host, path.text()));
  // The cases name neighbouring text and CDATA twice, which are one text node.
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

bool same_nodes(const DocumentHost& host, const Value& value, const Json& row) {
  if (value.kind != ValueKind::Nodes) return false;
  std::vector<NodeId> got;
  for (const NodeRef node : value.nodes) got.push_back(node.node);
  std::vector<NodeId> wanted = expected_nodes(host, row["expected"]);
  if (row["expected_type"].text().ends_with("unordered")) {
    std::sort(got.begin(), got.end());
    std::sort(wanted.begin(), wanted.end());
  }
  return got == wanted;
}

void set_surroundings(DocumentHost& host, const Json& row) {
  if (row["tz"].is_text()) host.offset_minutes_ = offset_of_zone(row["tz"].text());
  if (row["now"].is_text())
    host.now_ms_ = static_cast<std::int64_t>(*parse_date_time(row["now"].text(), 0) * 86'400'000.0);
  if (row["language"].is_text()) host.language_ = row["language"].text();
  if (row["root_node"].is_text()) host.set_root(node_at(host, row["root_node"].text()));
}

/// Whether the value is what the row expects; the row expects no error.
bool is_expected(Evaluator& evaluator, const DocumentHost& host, const Value& value, const Json& row) {
  const std::string& type = row["expected_type"].text();
  const Json& expected = row["expected"];
  if (type == "boolean") return evaluator.to_boolean(value) == expected.truthy();
  if (type == "number") {
    const double tolerance = row["tolerance"].is_null() ? 0 : row["tolerance"].number();
    return same_number(evaluator.to_number(value), expected_number(expected), tolerance);
  }
  if (type == "number-rounded") {
    const double factor = row["factor"].number();
    const double rounded = std::round(evaluator.to_number(value) * factor) / factor;
    return same_number(rounded, expected_number(expected), 1e-12);
  }
  if (type == "string") {
    return evaluator.to_text(value) ==
           (expected.is_text() ? expected.text() : number_to_text(expected.number()));
  }
  if (type == "string-length")
    return static_cast<double>(evaluator.to_text(value).size()) == expected.number();
  if (type == "string-match") return std::regex_search(evaluator.to_text(value), std::regex(expected.text()));
  if (type == "date") return iso_date(evaluator.to_number(value), 0) == expected.text().substr(0, 10);
  if (type == "first-node") {
    if (value.kind != ValueKind::Nodes) return false;
    if (expected.is_null()) return value.nodes.empty();
    return !value.nodes.empty() && value.nodes.front().node == node_at(host, expected.text());
  }
  return type.starts_with("nodeset") && same_nodes(host, value, row);
}

}  // namespace

bool in_xpath_gate(const Json& row) {
  return row["source"].text() == "assert" && !row["disputed"].truthy() && !row["nondeterministic"].truthy();
}

std::string xpath_case_failure(const Json& row) {
  const bool must_fail = row["expected_type"].text() == "error";
  DocumentHost host(row["context_xml"].is_text() ? row["context_xml"].text() : "<data/>");
  set_surroundings(host, row);
  NamespaceMap namespaces;
  for (const auto& [prefix, uri] : row["ns"].object()) namespaces[prefix] = uri.text();
  const std::string told = row["expr"].text() + ": ";
  const auto parsed = parse_xpath(row["expr"].text(), {host.mutable_names(), &namespaces, false});
  if (!parsed) return must_fail ? "" : told + parsed.error().message;
  const NodeId context = node_at(host, row["context_node"].text());
  if (context == kNoNode) return told + "no node " + row["context_node"].text();
  Evaluator evaluator(*parsed, host, {0, context});
  const auto value = evaluator.run();
  if (!value) return must_fail ? "" : told + value.error().message;
  if (must_fail) return told + "gave a value and must fail";
  return is_expected(evaluator, host, *value, row) ? "" : told + "'" + evaluator.to_text(*value) + "'";
}

}  // namespace terreno::test
