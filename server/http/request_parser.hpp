#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <string_view>

#include "server/api/http_types.hpp"

namespace terreno::server {

/// Feeds Beast's parser and fills our own Request, without a field container between. Refuses what other
/// servers might read in another way: unknown methods, more than one Host or length, a length beside
/// chunks, any transfer coding but `chunked`.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(Request& request, std::size_t max_header_bytes);

  /// The status to refuse the request with, or 0. Known after the header, or after a parse error.
  int refusal() const { return refusal_; }
  bool keep_alive_wanted() const { return keep_alive(); }
  bool is_http_11() const { return version_ == 11; }
  /// The body of a chunked request grows to at most this; more gives 413.
  void limit_body(std::uint64_t limit) { body_limit_bytes_ = limit; }
  /// What a parse error means for the client.
  static int status_of(const boost::system::error_code& error);

 private:
  using Error = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, Text method_text, Text target, int version,
                       Error& ec) override;
  void on_response_impl(int, Text, int, Error&) override {}
  void on_field_impl(boost::beast::http::field name, Text name_text, Text value, Error& ec) override;
  void on_header_impl(Error& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error& ec) override { ec = {}; }
  std::size_t on_body_impl(Text body, Error& ec) override;
  void on_chunk_header_impl(std::uint64_t, Text, Error& ec) override { ec = {}; }
  std::size_t on_chunk_body_impl(std::uint64_t remain, Text body, Error& ec) override;
  void on_finish_impl(Error& ec) override { ec = {}; }

  void refuse(int status) {
    if (refusal_ == 0) refusal_ = status;
  }

  Request& request_;
  std::uint64_t body_limit_bytes_ = 0;
  int refusal_ = 0;
  int version_ = 11;
  int hosts_ = 0;
  int lengths_ = 0;
  int transfer_codings_ = 0;
};

}  // namespace terreno::server
