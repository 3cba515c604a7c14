#ifndef TERRENO_H
#define TERRENO_H

/*
 * The phone core behind a flat C11 interface: what the Android, iOS and web wrappers are made of.
 *
 * Handles.  A terreno_core is a number, not an address: 0 is none, and the number of a closed core is never
 * used again, so that a call on it answers TERRENO_ERROR_INVALID_ARGUMENT. Threads.  Every function may be
 * called from any thread; calls on one core wait for each other. None waits for the network, most touch the
 * disk: not for a thread that draws. Errors.   Functions that can fail return TERRENO_OK or a
 * terreno_error_code. `error` may be NULL; otherwise it is filled on failure and cleared on success. When a
 * call fails, its outputs are empty and nothing has happened. No C++ exception leaves this interface. Text.
 * UTF-8, ended by a zero byte. Identifiers are 36 characters with hyphens. Money is whole cents. Documents
 * come as JSON text that the caller gives back to terreno_string_free. Their members have the names that
 *           documents.md lists; members may be added within one ABI version, so ignore those you do not know.
 */

#include <stddef.h>
#include <stdint.h>

#include "error_codes.h"

#ifdef __cplusplus
#define TERRENO_NOEXCEPT noexcept
extern "C" {
#else
#define TERRENO_NOEXCEPT
#endif

#if defined(__GNUC__)
#define TERRENO_API __attribute__((visibility("default")))
#else
#define TERRENO_API
#endif

/* Grows when something here changes in a way that a compiled caller would not survive. */
#define TERRENO_ABI_VERSION 1

/* What the library was built with; a caller compares it with its own TERRENO_ABI_VERSION before anything
 * else. */
TERRENO_API uint32_t terreno_abi_version(void) TERRENO_NOEXCEPT;

typedef struct terreno_error {
  int32_t code;      /* terreno_error_code */
  int32_t retryable; /* 1: the same call may succeed later */
  char message[512]; /* in the phone's language where a gestor should read it; cut at a character */
} terreno_error;

typedef uint64_t terreno_core;

enum {
  TERRENO_PLATFORM_ANDROID = 0,
  TERRENO_PLATFORM_IOS = 1,
  TERRENO_PLATFORM_WEB = 2,
  TERRENO_PLATFORM_DESKTOP = 3
};

typedef struct terreno_options {
  const char* database_path; /* made when absent */
  int32_t platform;          /* TERRENO_PLATFORM_...: decides what a fix's accuracy means */
  const char* language;      /* "es-MX", "en", "pt"; NULL: Spanish */
  const char* device_name;   /* model, shown to the supervisor; may be NULL */
  const char* app_version;   /* may be NULL */
} terreno_options;

/* TERRENO_ERROR_IO, TERRENO_ERROR_DATABASE_MISMATCH. Two cores over one file at a time are a mistake. */
TERRENO_API int32_t terreno_open(const terreno_options* options, terreno_core* out_core,
                                 terreno_error* error) TERRENO_NOEXCEPT;
/* Waits for calls that run. A second close answers TERRENO_ERROR_INVALID_ARGUMENT. */
TERRENO_API int32_t terreno_close(terreno_core core, terreno_error* error) TERRENO_NOEXCEPT;
TERRENO_API int32_t terreno_set_language(terreno_core core, const char* language,
                                         terreno_error* error) TERRENO_NOEXCEPT;

/* NULL is allowed. */
TERRENO_API void terreno_string_free(char* text) TERRENO_NOEXCEPT;

/* --- HTTP: the caller sends what the core asks for and tells what came back
 * --------------------------------- */

typedef struct terreno_header {
  const char* name;
  const char* value;
} terreno_header;

/* Owned by the core's side until terreno_http_request_free. `method` is NULL when there is nothing to send.
 */
typedef struct terreno_http_request {
  const char* method; /* POST, HEAD, PATCH */
  const char* path;   /* from the server's root */
  const terreno_header* headers;
  size_t header_count;
  const uint8_t* body;
  size_t body_size;
  void* owner; /* not for the caller */
} terreno_http_request;

/* Owned by the caller; read during the call only. */
typedef struct terreno_http_response {
  int32_t status;
  const terreno_header* headers;
  size_t header_count;
  const uint8_t* body;
  size_t body_size;
} terreno_http_response;

/* Frees what the request holds and empties it; an empty one is allowed. */
TERRENO_API void terreno_http_request_free(terreno_http_request* request) TERRENO_NOEXCEPT;

/* --- enrolment
 * ------------------------------------------------------------------------------------------------ */

/* Document `enrolment`, or JSON null before enrolment. */
TERRENO_API int32_t terreno_enrolment(terreno_core core, char** out_json,
                                      terreno_error* error) TERRENO_NOEXCEPT;
/* TERRENO_ERROR_ALREADY_ENROLLED, except when the last sync was rejected: a new code brings the phone back.
 */
TERRENO_API int32_t terreno_enrol_request(terreno_core core, const char* code,
                                          terreno_http_request* out_request,
                                          terreno_error* error) TERRENO_NOEXCEPT;
/* TERRENO_ERROR_NOT_FOUND: the code is wrong, used or expired. */
TERRENO_API int32_t terreno_on_enrol_response(terreno_core core, const terreno_http_response* response,
                                              terreno_error* error) TERRENO_NOEXCEPT;

/* --- cases
 * ---------------------------------------------------------------------------------------------------- */

/* `query_json`: document `case_query` or NULL for all open cases by due time. An array of `case_summary`. */
TERRENO_API int32_t terreno_cases(terreno_core core, const char* query_json, char** out_json,
                                  terreno_error* error) TERRENO_NOEXCEPT;
/* Document `case`. TERRENO_ERROR_NOT_FOUND. */
TERRENO_API int32_t terreno_case(terreno_core core, const char* case_id, char** out_json,
                                 terreno_error* error) TERRENO_NOEXCEPT;
/* `purpose`: "collection" or "validation". An array of `outcome_definition`. */
TERRENO_API int32_t terreno_outcomes(terreno_core core, const char* purpose, char** out_json,
                                     terreno_error* error) TERRENO_NOEXCEPT;

/* --- shift and sensors
 * ---------------------------------------------------------------------------------------- */

typedef struct terreno_fix {
  int64_t captured_at_ms; /* UTC, by the location service */
  double latitude;        /* WGS 84 degrees */
  double longitude;
  double accuracy_m;  /* as the platform claims it; > 0 */
  double speed_mps;   /* NaN: unknown, as are the next two */
  double bearing_deg; /* 0..360 from north, clockwise */
  double altitude_m;
  int32_t mock; /* 1: the platform says that an app made this position up */
} terreno_fix;

typedef struct terreno_battery {
  int64_t at_ms;
  int32_t percent;  /* 0..100 */
  int32_t charging; /* 0 or 1 */
} terreno_battery;

/* Document `shift`. TERRENO_ERROR_SHIFT_ALREADY_OPEN, TERRENO_ERROR_NOT_ENROLLED. */
TERRENO_API int32_t terreno_start_shift(terreno_core core, char** out_json,
                                        terreno_error* error) TERRENO_NOEXCEPT;
TERRENO_API int32_t terreno_end_shift(terreno_core core, terreno_error* error) TERRENO_NOEXCEPT;
/* Document `shift`, or JSON null. */
TERRENO_API int32_t terreno_shift(terreno_core core, char** out_json, terreno_error* error) TERRENO_NOEXCEPT;
/* Nothing is kept outside a shift: TERRENO_ERROR_SHIFT_NOT_OPEN. Fixes that make no sense are left out;
 * `out_kept` (may be NULL) tells how many were kept. */
TERRENO_API int32_t terreno_add_fixes(terreno_core core, const terreno_fix* fixes, size_t count,
                                      size_t* out_kept, terreno_error* error) TERRENO_NOEXCEPT;
TERRENO_API int32_t terreno_add_battery(terreno_core core, const terreno_battery* sample,
                                        terreno_error* error) TERRENO_NOEXCEPT;

/* --- visit
 * ---------------------------------------------------------------------------------------------------- */

/* Document `open_visit`. */
TERRENO_API int32_t terreno_arrive(terreno_core core, const char* case_id, char** out_json,
                                   terreno_error* error) TERRENO_NOEXCEPT;
/* Document `gate`. */
TERRENO_API int32_t terreno_check_location(terreno_core core, const char* visit_id, char** out_json,
                                           terreno_error* error) TERRENO_NOEXCEPT;
/* The next five: document `form` as it stands after the call. TERRENO_ERROR_GATE_REFUSED. */
TERRENO_API int32_t terreno_begin_form(terreno_core core, const char* visit_id, char** out_json,
                                       terreno_error* error) TERRENO_NOEXCEPT;
TERRENO_API int32_t terreno_form(terreno_core core, const char* visit_id, char** out_json,
                                 terreno_error* error) TERRENO_NOEXCEPT;
/* TERRENO_ERROR_ANSWER_INVALID with the form's own message; the old answer stays. */
TERRENO_API int32_t terreno_answer(terreno_core core, const char* visit_id, const char* path,
                                   const char* value, char** out_json, terreno_error* error) TERRENO_NOEXCEPT;
TERRENO_API int32_t terreno_add_repeat(terreno_core core, const char* visit_id, const char* path,
                                       char** out_json, terreno_error* error) TERRENO_NOEXCEPT;
TERRENO_API int32_t terreno_remove_repeat(terreno_core core, const char* visit_id, const char* path,
                                          char** out_json, terreno_error* error) TERRENO_NOEXCEPT;

typedef struct terreno_evidence {
  const char* kind;          /* "photo", "signature", "audio", "document" */
  const char* question_path; /* NULL or empty: belongs to the visit */
  const char* media_type;    /* image/jpeg, image/png; must agree with the bytes */
  const uint8_t* bytes;
  size_t size;
} terreno_evidence;

/* Document `evidence`. TERRENO_ERROR_EVIDENCE_INVALID, TERRENO_ERROR_TOO_LARGE. */
TERRENO_API int32_t terreno_attach_evidence(terreno_core core, const char* visit_id,
                                            const terreno_evidence* evidence, char** out_json,
                                            terreno_error* error) TERRENO_NOEXCEPT;
/* Document `outcome`: what the answers say, to be confirmed by the gestor. */
TERRENO_API int32_t terreno_suggested_outcome(terreno_core core, const char* visit_id, char** out_json,
                                              terreno_error* error) TERRENO_NOEXCEPT;
/* Takes document `outcome`, gives `finished_visit`. TERRENO_ERROR_ANSWER_INVALID,
 * TERRENO_ERROR_OUTCOME_INVALID. */
TERRENO_API int32_t terreno_finish_visit(terreno_core core, const char* visit_id, const char* outcome_json,
                                         char** out_json, terreno_error* error) TERRENO_NOEXCEPT;
/* `reason`: 1..500 bytes. */
TERRENO_API int32_t terreno_cancel_visit(terreno_core core, const char* visit_id, const char* reason,
                                         terreno_error* error) TERRENO_NOEXCEPT;
/* An array of `open_visit`. */
TERRENO_API int32_t terreno_open_visits(terreno_core core, char** out_json,
                                        terreno_error* error) TERRENO_NOEXCEPT;
/* An array of `finished_visit`, newest first. */
TERRENO_API int32_t terreno_finished_visits(terreno_core core, uint32_t limit, char** out_json,
                                            terreno_error* error) TERRENO_NOEXCEPT;

/* --- sync
 * ----------------------------------------------------------------------------------------------------- */

enum { TERRENO_NO_CONNECTION = 0, TERRENO_TIMEOUT = 1, TERRENO_INTERRUPTED = 2 };

/* What to send now; empty when all is done, one is in flight or the time to retry has not come. `eager` (1)
 * ignores the sync interval: a person asked, or the network came back. It is for the first request of a
 * round; go on with 0 until nothing comes. Each request is answered by one of the two functions below. */
TERRENO_API int32_t terreno_next_request(terreno_core core, int32_t eager, terreno_http_request* out_request,
                                         terreno_error* error) TERRENO_NOEXCEPT;
TERRENO_API int32_t terreno_on_response(terreno_core core, const terreno_http_response* response,
                                        terreno_error* error) TERRENO_NOEXCEPT;
/* `failure`: TERRENO_NO_CONNECTION... */
TERRENO_API int32_t terreno_on_failure(terreno_core core, int32_t failure,
                                       terreno_error* error) TERRENO_NOEXCEPT;
/* Document `sync_status`. */
TERRENO_API int32_t terreno_sync_status(terreno_core core, char** out_json,
                                        terreno_error* error) TERRENO_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
