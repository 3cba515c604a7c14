import { describe, expect, it } from "vitest";
import { answer_of_file, file_key, file_of_answer } from "./evidence";
import type { Answer, EvidenceFile } from "./types";

const file = (sha256: string, question_path: string): EvidenceFile => ({
  sha256,
  question_path,
  kind: "photo",
  media_type: "image/jpeg",
  size: 5,
  state: "received",
  received_bytes: 5,
});
const answer = (path: string, media_sha256: string | null): Answer => ({
  path,
  label: path,
  group_label: null,
  value: "",
  display: "",
  type: "",
  media_sha256,
});

describe("a photo that answers two questions", () => {
  const files = [file("aa", "front"), file("aa", "street"), file("bb", "")];
  const answers = [answer("front", "aa"), answer("street", "aa"), answer("other", "bb")];

  it("is two files on the page", () => {
    expect(new Set(files.map(file_key)).size).toBe(3);
  });

  it("opens and is called by the question that it was chosen at", () => {
    expect(file_of_answer(files, answers[1]!)).toBe(files[1]);
    expect(answer_of_file(answers, files[1]!)).toBe(answers[1]);
  });

  it("is found by its bytes where no question names it", () => {
    expect(file_of_answer(files, answers[2]!)).toBe(files[2]);
    expect(answer_of_file(answers, files[2]!)).toBe(answers[2]);
  });
});
