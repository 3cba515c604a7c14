#pragma once

#include <algorithm>
#include <functional>
#include <string>

#include "server/http/answer.hpp"
#include "server/http/file_reader.hpp"
#include "server/http/link.hpp"

namespace terreno::server {

inline constexpr std::size_t kSmallBody = 16 * 1024;  ///< goes out in one write with its head

/// What an answer's form depends on, taken from the request before the application takes that away.
struct AnswerForm {
  bool keep_alive = false;
  bool http_11 = true;
  bool head_only = false;
  std::string range;
  std::string if_range;
};

/// Writes answers to a link: head and body in one piece, or a file of the disk in slices.
template <typename Stream>
class AnswerWriter {
 public:
  explicit AnswerWriter(Link<Stream>& link) : link_(link) {}

  /// True when the connection may serve another request.
  Task<bool> write(Response& response, AnswerForm& form) {
    if (!response.file.empty()) co_return co_await write_file(response, form);
    std::string out = std::move(out_);
    out.clear();
    append_head(out, response, head_options(form, response.body.size()));
    const bool with_body = !form.head_only && !response.body.empty();
    const bool together = with_body && response.body.size() <= kSmallBody;
    if (together) out += response.body;
    bool sent = co_await link_.write_all(out);
    if (sent && with_body && !together) sent = co_await link_.write_all(response.body);
    out_ = std::move(out);
    co_return sent&& form.keep_alive;
  }

 private:
  HeadOptions head_options(AnswerForm& form, std::uint64_t body_bytes) const {
    form.keep_alive = form.keep_alive && !link_.shared()->draining;
    HeadOptions options;
    options.body_bytes = body_bytes;
    options.keep_alive = form.keep_alive;
    options.http_11 = form.http_11;
    return options;
  }

  Task<bool> write_file(Response& response, AnswerForm& form) {
    FileReader file;
    bool opened = false;
    const std::function<void()> open = [&] { opened = file.open(response.file); };
    co_await link_.on_worker(open);
    response.file.clear();
    if (!opened) co_return co_await write_bare(response, form, 404);
    const auto part = choose_part(wanted_range(response, form), file.size());
    if (!part) {
      const std::string whole = "bytes */" + std::to_string(file.size());
      co_return co_await write_bare(response, form, 416, whole);
    }
    co_return co_await write_part(response, form, file, *part);
  }

  /// The file cannot be given after all.
  Task<bool> write_bare(Response& response, AnswerForm& form, int status, std::string_view range = {}) {
    link_.shared()->application.refused(RefusedAt::Answer, status);
    response = Response{};
    response.status = status;
    if (!range.empty()) response.headers.emplace_back("Content-Range", range);
    co_return co_await write(response, form);
  }

  Task<bool> write_part(Response& response, AnswerForm& form, const FileReader& file, FilePart part) {
    response.headers.emplace_back("Accept-Ranges", "bytes");
    if (part.partial) {
      response.status = 206;
      response.headers.emplace_back("Content-Range", "bytes " + std::to_string(part.offset) + "-" +
                                                         std::to_string(part.offset + part.length - 1) + "/" +
                                                         std::to_string(file.size()));
    }
    std::string out;
    append_head(out, response, head_options(form, part.length));
    bool sent = co_await link_.write_all(out);
    std::uint64_t left = form.head_only ? 0 : part.length;
    while (sent && left > 0) {
      out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kWriteSlice)));
      bool whole = false;
      const std::function<void()> read = [&] { whole = file.read(part.offset + part.length - left, out); };
      co_await link_.on_worker(read);
      // A file that shrank meanwhile cannot fill the promised length: only closing tells the peer.
      if (!whole || link_.aborted()) co_return false;
      sent = co_await link_.write_all(out);
      left -= out.size();
    }
    co_return sent&& form.keep_alive;
  }

  /// The Range header, unless If-Range names another state of the file.
  static std::string_view wanted_range(const Response& response, const AnswerForm& form) {
    if (form.if_range.empty()) return form.range;
    for (const auto& [name, value] : response.headers) {
      if (name == "ETag" && value == form.if_range) return form.range;
    }
    return {};
  }

  Link<Stream>& link_;
  std::string out_;  // keeps its memory from answer to answer
};

}  // namespace terreno::server
