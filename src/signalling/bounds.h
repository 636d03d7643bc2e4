/* Every number that bounds what a client can make the server do; those that an operator may change are in conclave.conf. */
#pragma once

#define CV_LIMIT_SDP_BYTES (60 * 1024) /* a description of a media connection */
/* One WebSocket message, in all its fragments. In JSON the two characters that end a line of SDP become four, and a line
 * has at least three besides ("a=b"): the longest description fits. */
#define CV_LIMIT_MESSAGE_BYTES (96 * 1024)
#define CV_LIMIT_BODY_BYTES (64 * 1024) /* of one HTTP request */
#define CV_LIMIT_LONG_BODIES 4          /* at once, of those that may be longer: changed summaries */
#define CV_LIMIT_LONG_BODY_MS 120000    /* until such a one has come */
#define CV_LIMIT_MESSAGE_FRAGMENTS 64
#define CV_LIMIT_RELAY_CHARACTERS (48 * 1024) /* base64url of one sealed record */
#define CV_LIMIT_ORDER_CHARACTERS 2048        /* base64url of what a host signed */
#define CV_LIMIT_REQUEST_BYTES (1024 * 1024)  /* one HTTP request: read this far to answer 413, then cut */
#define CV_LIMIT_MESSAGE_BURST 200            /* messages at once; how many a second is configured */
#define CV_LIMIT_TEXT_BYTES_A_MESSAGE 512     /* that much of a text, or of a change, counts as one more message */
#define CV_LIMIT_STAMP_BYTES 256           /* what the server says besides of each operation counts as so much text */
#define CV_LIMIT_OFFER_COST 25             /* messages that an offer counts as besides: it costs a connection */
#define CV_LIMIT_VOTE_COST 9               /* the same for a vote: everybody gets the question anew */
#define CV_LIMIT_RENAME_COST 9             /* and for a name */
#define CV_LIMIT_TILES_A_MESSAGE 16        /* that many tiles of a view count as one more message */
#define CV_LIMIT_TILE_WIDTH 16384          /* px of one tile */
#define CV_LIMIT_QUEUE_BYTES (1024 * 1024) /* waiting to be written to one socket */
#define CV_LIMIT_KEPT_MESSAGES 1000        /* not yet acknowledged by one seat */
#define CV_LIMIT_KEPT_BYTES (256 * 1024)
#define CV_LIMIT_SNAPSHOT_BYTES (96 * 1024) /* a snapshot waits where so much is kept */

#define CV_LIMIT_REQUEST_MS 10000 /* TLS handshake, a request's head and body, and the wait for the next one */
#define CV_LIMIT_ANSWER_MS 40000  /* until the client has taken the answer to a request */
#define CV_LIMIT_STALL_MS                                                                                              \
  120000                       /* until the client has taken the next piece of a long answer: players take their time */
#define CV_LIMIT_BODIES 128    /* long answers at once */
#define CV_LIMIT_JOIN_MS 10000 /* from the open socket to `join` or `resume` */
#define CV_LIMIT_PING_MS 25000 /* without a word: ask */
#define CV_LIMIT_SILENCE_MS 40000       /* without a word: close */
#define CV_LIMIT_WRONG_KEYS_A_MINUTE 10 /* of producers, by address */
#define CV_LIMIT_PASSWORDS_A_MINUTE 10  /* of shares, by address */
#define CV_LIMIT_PASSES 10000           /* cookies that stand for something */
#define CV_LIMIT_ADDRESSES 10000        /* remembered for rate limits */
