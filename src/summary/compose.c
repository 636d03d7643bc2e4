/* See compose.h. */
#include "summary/compose.h"

#include <string.h>

typedef struct {
  const CvSummary *summary;
  const CvComposition *with;
  const CvWords *words;
  CvPaper *paper;
} Composer;

static const char *
word (const Composer *self, CvWord which)
{
  return cv_words_get (self->words, which);
}

static void
add_section (const Composer *self, CvWord title)
{
  cv_paper_add (self->paper, CV_PAPER_SECTION, word (self, title));
}

/* ---- the head ---- */

static void
add_fact (CvPaperBlock *facts, const char *label, const char *value)
{
  cv_paper_add_cell (facts, label, NULL);
  cv_paper_add_cell (facts, value, NULL);
}

static void
add_head (const Composer *self)
{
  const CvSummary *summary = self->summary;
  CvPaperBlock *facts = cv_paper_add (self->paper, CV_PAPER_FACTS, NULL);
  g_autofree char *began = cv_words_time_and_zone (self->words, summary->started);
  g_autofree char *ended = cv_words_time_and_zone (self->words, summary->ended);
  g_autofree char *span = cv_words_span (self->words, summary->ended - summary->started);

  add_fact (facts, word (self, CV_WORD_BEGAN), began);
  add_fact (facts, word (self, CV_WORD_ENDED), ended);
  add_fact (facts, word (self, CV_WORD_DURATION), span);
  if (summary->attendance != NULL) {
    g_autofree char *people = g_strdup_printf ("%u", summary->attendance->len);

    add_fact (facts, word (self, CV_WORD_PEOPLE), people);
  }
}

/* ---- what was decided ---- */

static guint
count_blocks (const Composer *self, const char *kind)
{
  guint n = 0;

  for (guint i = 0; i < self->summary->minutes->len; i++)
    n += g_str_equal (((CvSummaryBlock *) g_ptr_array_index (self->summary->minutes, i))->kind, kind);
  return n;
}

static void
add_decisions (const Composer *self)
{
  if (count_blocks (self, "decision") == 0)
    return;
  add_section (self, CV_WORD_DECISIONS);
  for (guint i = 0; i < self->summary->minutes->len; i++) {
    const CvSummaryBlock *block = g_ptr_array_index (self->summary->minutes, i);

    if (g_str_equal (block->kind, "decision"))
      cv_paper_add (self->paper, CV_PAPER_DECISION, block->text);
  }
}

static void
add_actions (const Composer *self)
{
  CvPaperBlock *table;

  if (count_blocks (self, "action") == 0)
    return;
  add_section (self, CV_WORD_ACTIONS);
  table = cv_paper_add (self->paper, CV_PAPER_TABLE, NULL);
  cv_paper_add_column (table, word (self, CV_WORD_ACTION), 6, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_OWNER), 2, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_DUE), 3, FALSE);
  for (guint i = 0; i < self->summary->minutes->len; i++) {
    const CvSummaryBlock *block = g_ptr_array_index (self->summary->minutes, i);
    g_autofree char *due = cv_words_day (self->words, block->due);

    if (!g_str_equal (block->kind, "action"))
      continue;
    cv_paper_add_cell (table, block->text, NULL);
    cv_paper_add_cell (table, block->owner, NULL);
    cv_paper_add_cell (table, due, NULL);
  }
}

/* ---- agenda ---- */

/* Where a recording shows that time. Returns: (transfer full), NULL: none does, or nobody knows its address. */
static char *
find_recorded (const Composer *self, gint64 at)
{
  const char *server = self->with->server;

  for (guint i = 0; at > 0 && server != NULL && *server != '\0' && i < self->summary->recordings->len; i++) {
    const CvSummaryRecording *recording = g_ptr_array_index (self->summary->recordings, i);

    if (at >= recording->started && (recording->ended == 0 || at < recording->ended))
      return g_strdup_printf ("%s/recordings/%s?t=%" G_GINT64_FORMAT, server, recording->id,
                              (at - recording->started) / 1000);
  }
  return NULL;
}

static void
add_item (const Composer *self, CvPaperBlock *table, const CvSummaryItem *item, guint n)
{
  g_autofree char *number = g_strdup_printf ("%u", n);
  g_autofree char *began = item->started > 0 ? cv_words_time (self->words, item->started) : g_strdup ("");
  g_autofree char *link = find_recorded (self, item->started);
  g_autofree char *planned = item->minutes > 0 ? cv_words_span (self->words, item->minutes * 60000) : g_strdup ("");
  g_autofree char *spent = item->spent > 0 ? cv_words_span (self->words, item->spent) : g_strdup ("");

  cv_paper_add_cell (table, number, NULL);
  cv_paper_add_cell (table, item->title, NULL);
  cv_paper_add_cell (table, item->owner, NULL);
  cv_paper_add_cell (table, began, link);
  cv_paper_add_cell (table, planned, NULL);
  cv_paper_add_cell (table, spent, NULL);
  cv_paper_add_cell (table, item->done ? "✓" : "", NULL);
}

static void
add_agenda (const Composer *self)
{
  CvPaperBlock *table;

  if (self->summary->agenda->len == 0)
    return;
  add_section (self, CV_WORD_AGENDA);
  table = cv_paper_add (self->paper, CV_PAPER_TABLE, NULL);
  cv_paper_add_column (table, "", 0, TRUE);
  cv_paper_add_column (table, word (self, CV_WORD_ITEM), 5, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_OWNER), 2, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_TIME), 0, TRUE);
  cv_paper_add_column (table, word (self, CV_WORD_PLANNED), 0, TRUE);
  cv_paper_add_column (table, word (self, CV_WORD_SPENT), 0, TRUE);
  cv_paper_add_column (table, word (self, CV_WORD_DONE), 0, FALSE);
  for (guint i = 0; i < self->summary->agenda->len; i++)
    add_item (self, table, g_ptr_array_index (self->summary->agenda, i), i + 1);
}

/* ---- minutes ---- */

/* "Ada · Monday, 1 March 2027". Returns: (transfer full). */
static char *
describe_action (const Composer *self, const CvSummaryBlock *block)
{
  g_autofree char *day = *block->due != '\0' ? cv_words_day (self->words, block->due) : NULL;

  if (*block->owner != '\0' && day != NULL)
    return g_strconcat (block->owner, " · ", day, NULL);
  return g_strdup (day != NULL ? day : block->owner);
}

static void
add_minutes (const Composer *self)
{
  if (self->summary->minutes->len == 0)
    return;
  add_section (self, CV_WORD_MINUTES);
  for (guint i = 0; i < self->summary->minutes->len; i++) {
    const CvSummaryBlock *block = g_ptr_array_index (self->summary->minutes, i);
    CvPaperBlock *out;

    if (g_str_equal (block->kind, "heading")) {
      cv_paper_add (self->paper, CV_PAPER_HEADING, block->text);
    } else if (g_str_equal (block->kind, "text")) {
      cv_paper_add (self->paper, CV_PAPER_PARAGRAPH, block->text);
    } else if (g_str_equal (block->kind, "decision")) {
      out = cv_paper_add (self->paper, CV_PAPER_DECISION, block->text);
      out->label = g_strdup (word (self, CV_WORD_DECISION));
    } else {
      out = cv_paper_add (self->paper, CV_PAPER_ACTION, block->text);
      out->label = g_strdup (word (self, CV_WORD_ACTION));
      out->note = describe_action (self, block);
    }
  }
}

/* ---- polls ---- */

static void
add_poll (const Composer *self, const CvSummaryPoll *poll)
{
  g_autoptr (GString) note = g_string_new (NULL);

  cv_paper_add (self->paper, CV_PAPER_HEADING, poll->question);
  for (guint i = 0; i < poll->choices->len; i++) {
    const CvSummaryCount *choice = g_ptr_array_index (poll->choices, i);
    CvPaperBlock *bar = cv_paper_add (self->paper, CV_PAPER_BAR, NULL);

    bar->label = g_strdup (choice->text);
    bar->number = choice->count;
    bar->part = poll->voters > 0 ? CLAMP ((double) choice->count / (double) poll->voters, 0, 1) : 0;
  }
  g_string_append_printf (note, "%s: %" G_GINT64_FORMAT, word (self, CV_WORD_VOTES), poll->voters);
  if (poll->anonymous)
    g_string_append_printf (note, " · %s", word (self, CV_WORD_ANONYMOUS));
  if (poll->multiple)
    g_string_append_printf (note, " · %s", word (self, CV_WORD_MULTIPLE));
  for (guint i = 0; i < poll->voted->len; i++)
    g_string_append_printf (note, "%s%s", i > 0 ? ", " : " · ", (const char *) g_ptr_array_index (poll->voted, i));
  cv_paper_add (self->paper, CV_PAPER_NOTE, note->str);
}

static void
add_polls (const Composer *self)
{
  if (self->summary->polls->len == 0)
    return;
  add_section (self, CV_WORD_POLLS);
  for (guint i = 0; i < self->summary->polls->len; i++)
    add_poll (self, g_ptr_array_index (self->summary->polls, i));
}

/* ---- files ---- */

static void
add_documents (const Composer *self)
{
  CvPaperBlock *table;

  if (self->summary->documents->len == 0)
    return;
  add_section (self, CV_WORD_DOCUMENTS);
  table = cv_paper_add (self->paper, CV_PAPER_TABLE, NULL);
  cv_paper_add_column (table, word (self, CV_WORD_NAME), 3, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_SHARED_BY), 2, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_SIZE), 0, TRUE);
  cv_paper_add_column (table, word (self, CV_WORD_CHECKSUM), 3, FALSE);
  ((CvPaperColumn *) g_ptr_array_index (table->columns, 3))->code = TRUE;
  for (guint i = 0; i < self->summary->documents->len; i++) {
    const CvSummaryDocument *document = g_ptr_array_index (self->summary->documents, i);
    g_autofree char *size = cv_words_size (document->bytes);

    cv_paper_add_cell (table, document->name, self->with->address);
    cv_paper_add_cell (table, document->by, NULL);
    cv_paper_add_cell (table, size, NULL);
    cv_paper_add_cell (table, document->sha256, NULL);
  }
}

static void
add_recordings (const Composer *self)
{
  CvPaperBlock *table;

  if (self->summary->recordings->len == 0)
    return;
  add_section (self, CV_WORD_RECORDINGS);
  table = cv_paper_add (self->paper, CV_PAPER_TABLE, NULL);
  cv_paper_add_column (table, word (self, CV_WORD_RECORDING), 5, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_BEGAN), 0, TRUE);
  cv_paper_add_column (table, word (self, CV_WORD_ENDED), 0, TRUE);
  for (guint i = 0; i < self->summary->recordings->len; i++) {
    const CvSummaryRecording *recording = g_ptr_array_index (self->summary->recordings, i);
    g_autofree char *name = g_strdup_printf ("%s %u", word (self, CV_WORD_RECORDING), i + 1);
    g_autofree char *link = find_recorded (self, recording->started);
    g_autofree char *began = cv_words_time (self->words, recording->started);
    g_autofree char *ended = recording->ended > 0 ? cv_words_time (self->words, recording->ended) : g_strdup ("");

    cv_paper_add_cell (table, name, link);
    cv_paper_add_cell (table, began, NULL);
    cv_paper_add_cell (table, ended, NULL);
  }
}

/* ---- people ---- */

/* Returns: (transfer full); "" for people like most. */
static char *
describe_role (const Composer *self, const CvSummaryAttendee *attendee)
{
  const char *role = g_str_equal (attendee->role, "host")     ? word (self, CV_WORD_HOST)
                     : g_str_equal (attendee->role, "cohost") ? word (self, CV_WORD_COHOST)
                     : g_str_equal (attendee->role, "viewer") ? word (self, CV_WORD_VIEWER)
                                                              : "";
  const char *device = g_str_equal (attendee->device, "phone")    ? word (self, CV_WORD_BY_PHONE)
                       : g_str_equal (attendee->device, "stream") ? word (self, CV_WORD_STREAM)
                                                                  : "";

  return g_strconcat (role, *role != '\0' && *device != '\0' ? ", " : "", device, NULL);
}

static void
add_attendance (const Composer *self)
{
  GPtrArray *people = self->summary->attendance;
  CvPaperBlock *table;

  if (people == NULL || people->len == 0)
    return;
  add_section (self, CV_WORD_ATTENDANCE);
  table = cv_paper_add (self->paper, CV_PAPER_TABLE, NULL);
  cv_paper_add_column (table, word (self, CV_WORD_NAME), 4, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_ROLE), 3, FALSE);
  cv_paper_add_column (table, word (self, CV_WORD_JOINED), 0, TRUE);
  cv_paper_add_column (table, word (self, CV_WORD_LEFT), 0, TRUE);
  cv_paper_add_column (table, word (self, CV_WORD_PRESENT), 0, TRUE);
  for (guint i = 0; i < people->len; i++) {
    const CvSummaryAttendee *attendee = g_ptr_array_index (people, i);
    g_autofree char *role = describe_role (self, attendee);
    g_autofree char *joined = cv_words_time (self->words, attendee->joined);
    g_autofree char *left = cv_words_time (self->words, attendee->left);
    g_autofree char *present = cv_words_span (self->words, attendee->present);

    cv_paper_add_cell (table, attendee->name, NULL);
    cv_paper_add_cell (table, role, NULL);
    cv_paper_add_cell (table, joined, NULL);
    cv_paper_add_cell (table, left, NULL);
    cv_paper_add_cell (table, present, NULL);
  }
}

/* ---- what was said ---- */

static void
add_message (const Composer *self, const CvSummaryMessage *message)
{
  CvPaperBlock *block = cv_paper_add (self->paper, CV_PAPER_MESSAGE, message->text);
  g_autoptr (GString) note = g_string_new (message->edited ? word (self, CV_WORD_EDITED) : "");

  for (guint i = 0; i < message->reactions->len; i++) {
    const CvSummaryCount *count = g_ptr_array_index (message->reactions, i);

    g_string_append_printf (note, "%s%s %" G_GINT64_FORMAT, note->len > 0 ? "  " : "", count->text, count->count);
  }
  block->label = cv_words_time (self->words, message->at);
  block->name = g_strdup (message->name);
  if (*message->reply_text != '\0')
    block->quote = g_strconcat (message->reply_name, ": ", message->reply_text, NULL);
  if (note->len > 0)
    block->note = g_strdup (note->str);
}

static void
add_chat (const Composer *self)
{
  if (self->summary->chat == NULL || self->summary->chat->len == 0)
    return;
  add_section (self, CV_WORD_CHAT);
  for (guint i = 0; i < self->summary->chat->len; i++)
    add_message (self, g_ptr_array_index (self->summary->chat, i));
}

CvPaper *
cv_compose (const CvSummary *summary, const CvComposition *composition)
{
  CvPaper *paper = cv_paper_new ();
  const Composer self = { summary, composition, composition->words, paper };
  g_autofree char *issue = g_strdup_printf ("%u", composition->issue);
  g_autofree char *made = cv_words_date (composition->words, composition->made);

  paper->title = g_strdup (*summary->title != '\0' ? summary->title : word (&self, CV_WORD_SUMMARY));
  paper->kind = g_strdup (word (&self, CV_WORD_SUMMARY));
  paper->subtitle = cv_words_date (composition->words, summary->started);
  paper->language = g_strdup (cv_words_get_language (composition->words));
  paper->page = g_strdup (word (&self, CV_WORD_PAGE));
  paper->footer = cv_words_fill (composition->words, CV_WORD_ISSUE, "n", issue, "date", made, NULL);
  cv_letterhead_print (composition->letterhead, composition->words, paper);
  add_head (&self);
  guint head = paper->blocks->len;
  add_decisions (&self);
  add_actions (&self);
  add_agenda (&self);
  add_minutes (&self);
  add_polls (&self);
  add_documents (&self);
  add_recordings (&self);
  add_attendance (&self);
  add_chat (&self);
  if (paper->blocks->len == head)
    cv_paper_add (paper, CV_PAPER_NOTE, word (&self, CV_WORD_NOTHING));
  return paper;
}
