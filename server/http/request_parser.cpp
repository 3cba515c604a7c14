#include "server/http/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "server/http/target.hpp"

namespace terreno::server {
namespace http = boost::beast::http;

namespace {

bool is_known(http::verb method) {
  switch (method) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::post:
    case http::verb::put:
    case http::verb::patch:
    case http::verb::delete_:
    case http::verb::options:
      return true;
    default:
      return false;
  }
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

RequestParser::RequestParser(Request& request, std::size_t max_header_bytes) : request_(request) {
  header_limit(static_cast<std::uint32_t>(max_header_bytes));
  // The application is asked for the limit once the header is known; the session and limit_body() hold it.
  body_limit(boost::none);
}

int RequestParser::status_of(const boost::system::error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

void RequestParser::on_request_impl(http::verb method, Text method_text, Text target, int version,
                                    Error& ec) {
  ec = {};
  version_ = version;
  if (!is_known(method)) refuse(501);
  request_.method.assign(method_text.data(), method_text.size());
  if (!split_target({target.data(), target.size()}, request_.path, request_.query)) refuse(400);
}

void RequestParser::on_field_impl(http::field name, Text name_text, Text value, Error& ec) {
  ec = {};
  if (name == http::field::host) ++hosts_;
  if (name == http::field::content_length) ++lengths_;
  if (name == http::field::transfer_encoding) {
    ++transfer_codings_;
    if (lower({value.data(), value.size()}) != "chunked") refuse(501);
  }
  auto [entry, fresh] = request_.headers.try_emplace(lower({name_text.data(), name_text.size()}));
  if (!fresh) entry->second += ", ";
  entry->second.append(value.data(), value.size());
}

void RequestParser::on_header_impl(Error& ec) {
  ec = {};
  const bool host_is_clear = hosts_ == 1 || (hosts_ == 0 && version_ == 10);
  const bool length_is_clear = lengths_ + transfer_codings_ <= 1;
  const bool chunks_are_allowed = transfer_codings_ == 0 || version_ == 11;
  if (!host_is_clear || !length_is_clear || !chunks_are_allowed) refuse(400);
}

std::size_t RequestParser::on_body_impl(Text body, Error& ec) {
  ec = {};
  return body.size();  // a body of known length is read by the session itself
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, Error& ec) {
  ec = {};
  if (request_.body.size() + body.size() > body_limit_bytes_) {
    ec = http::error::body_limit;
    return 0;
  }
  request_.body.insert(request_.body.end(), body.begin(), body.end());
  return body.size();
}

}  // namespace terreno::server
