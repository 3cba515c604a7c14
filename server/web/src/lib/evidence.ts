import type { Answer, EvidenceFile } from "./types";

/** Which file of a visit is meant: one photo may answer several questions, so that its hash alone does not tell. */
export function file_key(file: EvidenceFile): string {
  return `${file.sha256} ${file.question_path}`;
}

/** The file that an answer names: its question's own before another with the same bytes. */
export function file_of_answer(files: EvidenceFile[], answer: Answer): EvidenceFile | undefined {
  const same = files.filter((file) => file.sha256 === answer.media_sha256);
  return same.find((file) => file.question_path === answer.path) ?? same[0];
}

/** The answer that a file belongs to. */
export function answer_of_file(answers: Answer[], file: EvidenceFile): Answer | undefined {
  return (
    answers.find((answer) => answer.path === file.question_path) ??
    answers.find((answer) => answer.media_sha256 === file.sha256)
  );
}
