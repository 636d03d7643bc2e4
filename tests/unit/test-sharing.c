/* Who may do what to what is shared, what the server says of it, and polls. */
#include "lib/operations.h"
#include "room/sharing.h"

#define NOW 5000

typedef struct {
  CvClock *clock;
  CvSharing *sharing;
  CvParticipant *ann; /* host */
  CvParticipant *bob;
  GString *told; /* of operations: object, actor, fields */
  gint64 clocks;
} Fixture;

static void
note (GPtrArray *ops, GString *told)
{
  for (guint i = 0; i < ops->len; i++) {
    const CvOperation *operation = g_ptr_array_index (ops, i);
    g_string_append_printf (told, "%s@%s", operation->object,
                            g_str_equal (operation->actor, "server") ? "server" : "person");
    for (guint j = 0; j < operation->assignments->len; j++)
      g_string_append_printf (told, ",%s",
                              cv_model_schema_get (operation->type)
                                ->fields[g_array_index (operation->assignments, CvAssignment, j).field]
                                .name);
    g_string_append (told, operation->gone ? ",gone " : " ");
  }
}

static void
on_shared (CvSharing *sharing, GPtrArray *ops, GPtrArray *stamps, CvParticipant *by, Fixture *f)
{
  note (ops, f->told);
  g_string_append (f->told, "| ");
  note (stamps, f->told);
  g_assert_true (by != NULL || stamps->len == 0);
}

static void
set_up (Fixture *f, gconstpointer policy)
{
  f->clock = cv_clock_new_fake (NOW);
  f->sharing = cv_sharing_new (policy, f->clock);
  f->ann = cv_participant_new ("Ann", CV_ROLE_HOST, &(CvSending){ 0 });
  f->bob = cv_participant_new ("Bob", CV_ROLE_PERSON, &(CvSending){ 0 });
  f->told = g_string_new (NULL);
  g_signal_connect (f->sharing, "shared", G_CALLBACK (on_shared), f);
}

static void
tear_down (Fixture *f, gconstpointer policy)
{
  g_assert_finalize_object (f->sharing);
  g_object_unref (f->clock);
  cv_participant_free (f->ann);
  cv_participant_free (f->bob);
  g_string_free (f->told, TRUE);
}

/* `object`, `type` and fields of one operation. -1: it is done; else the error. */
static int
change (Fixture *f, CvParticipant *author, const char *object, const char *type, const char *fields)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_operation_free);
  g_autofree char *text = g_strdup_printf ("{'o':'%s','t':'%s','c':%" G_GINT64_FORMAT ",'a':'%s','f':{%s}}", object,
                                           type, ++f->clocks, author->id, fields);
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (ops, operation_new (text));
  if (cv_sharing_change (f->sharing, author, ops, &error))
    return -1;
  g_assert_cmpuint (error->domain, ==, CV_SHARING_ERROR);
  return error->code;
}

static void
assert_told (Fixture *f, const char *expected)
{
  g_assert_cmpstr (f->told->str, ==, expected);
  g_string_set_size (f->told, 0);
}

static const CvObject *
find (Fixture *f, const char *id)
{
  return cv_model_find (cv_sharing_get_model (f->sharing), id);
}

static void
test_stamps (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (change (f, f->bob, "m1", "message", "'text':'Hi'"), ==, -1);
  assert_told (f, "m1@person,text | m1@server,at,edited,from,name ");
  g_assert_cmpstr (cv_object_get_text (find (f, "m1"), "name"), ==, "Bob");
  g_assert_cmpint (cv_object_get_int (find (f, "m1"), "at"), ==, NOW);
  g_assert_cmpint (change (f, f->bob, "m2", "message", "'text':'Hi'"), ==, -1);
  g_assert_cmpint (cv_object_get_int (find (f, "m2"), "at"), ==, NOW + 1);
  f->told->len = 0;
  g_assert_cmpint (change (f, f->bob, "m1", "message", "'text':'Ho'"), ==, -1);
  g_assert_true (g_str_has_suffix (f->told->str, "m1@person,text | m1@server,edited "));
  g_assert_cmpint (change (f, f->bob, "m3", "message", "'text':'Hi','at':1"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
  g_assert_cmpint (change (f, f->bob, "m1", "message", "'name':'Ann'"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
}

static void
test_rights (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (change (f, f->bob, "i1", "item", "'order':'V'"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
  g_assert_cmpint (change (f, f->ann, "i1", "item", "'order':'V'"), ==, -1);
  g_assert_cmpint (change (f, f->bob, "i1", "item", "'done':true"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
  g_assert_cmpint (change (f, f->bob, "m1", "message", "'text':'Hi'"), ==, -1);
  g_assert_cmpint (change (f, f->ann, "m1", "message", "'text':'Ho'"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
  g_assert_cmpint (change (f, f->ann, "m1", "message", "'gone':true"), ==, -1);
  g_assert_cmpint (change (f, f->bob, "m1", "message", "'text':'?'"), ==, -1); /* nothing happens */
  g_assert_true (cv_object_is_gone (find (f, "m1")));
  g_assert_cmpint (change (f, f->ann, "d1", "document", "'gone':true"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
  g_assert_cmpint (change (f, f->ann, "i1", "block", "'text':'x'"), ==, CV_SHARING_ERROR_BAD);
  g_assert_cmpint (change (f, f->ann, "i2", "item", "'done':true"), ==, CV_SHARING_ERROR_BAD);
}

/* From another seat it is still one's own. */
static void
test_seats (Fixture *f, gconstpointer data)
{
  change (f, f->bob, "m1", "message", "'text':'Hi','reply':'m0'");
  f->ann->role = CV_ROLE_PERSON;
  g_assert_cmpint (change (f, f->ann, "m1", "message", "'text':'Ho'"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
  f->ann->formerly = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (f->ann->formerly, g_strdup (f->bob->id));
  g_assert_cmpint (change (f, f->ann, "m1", "message", "'text':'Ho'"), ==, -1);
  /* the same again, as who has lost the answer says it */
  g_assert_cmpint (change (f, f->ann, "m1", "message", "'text':'Hi','reply':'m0'"), ==, -1);
  g_assert_cmpint (change (f, f->ann, "m1", "message", "'reply':'m2'"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
}

static void
test_actor (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_operation_free);
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (ops, operation_new ("{'o':'m1','t':'message','c':1,'a':'server','f':{'text':'x'}}"));
  g_assert_false (cv_sharing_change (f->sharing, f->ann, ops, &error));
  g_assert_error (error, CV_SHARING_ERROR, CV_SHARING_ERROR_BAD);
  f->clocks = CV_MODEL_MAX_AHEAD;
  g_assert_cmpint (change (f, f->ann, "m1", "message", "'text':'x'"), ==, CV_SHARING_ERROR_BAD);
}

static void
test_put (Fixture *f, gconstpointer data)
{
  CvOperation *operation = cv_operation_new ("f1", CV_MODEL_DOCUMENT, 1, CV_SHARING_SERVER);
  change (f, f->bob, "m1", "message", "'text':'Hi'");
  f->told->len = 0;
  cv_operation_set_text (operation, "by", f->bob->id);
  g_assert_true (cv_sharing_put (f->sharing, operation, NULL));
  g_assert_true (g_str_has_suffix (f->told->str, "f1@server,by | "));
  g_assert_cmpint (cv_model_get_clock (cv_sharing_get_model (f->sharing)), ==, 2);
  f->clocks = 2;
  f->ann->role = CV_ROLE_PERSON;
  g_assert_cmpint (change (f, f->ann, "f1", "document", "'gone':true"), ==, CV_SHARING_ERROR_NOT_ALLOWED);
  g_assert_cmpint (change (f, f->bob, "f1", "document", "'gone':true"), ==, -1);
}

static int
vote (Fixture *f, CvParticipant *voter, guint choices)
{
  g_autoptr (GError) error = NULL;
  return cv_sharing_vote (f->sharing, voter, "p1", choices, &error) ? -1 : error->code;
}

static void
test_poll (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (vote (f, f->bob, 1), ==, CV_SHARING_ERROR_MISSING);
  change (f, f->ann, "p1", "poll", "'question':'?','choices':['a','b'],'open':true");
  assert_told (f, "p1@person,choices,open,question | p1@server,at,by,counts,voted,voters ");
  g_assert_cmpint (vote (f, f->bob, 3), ==, CV_SHARING_ERROR_BAD);
  g_assert_cmpint (vote (f, f->bob, 4), ==, CV_SHARING_ERROR_BAD);
  g_assert_cmpint (vote (f, f->bob, 1), ==, -1);
  g_assert_cmpint (vote (f, f->ann, 1), ==, -1);
  g_assert_cmpint (vote (f, f->ann, 2), ==, -1);
  assert_told (f, "");
  cv_clock_advance (f->clock, 1000);
  assert_told (f, "p1@server,counts,voters | ");
  g_assert_cmpint (cv_object_get_int (find (f, "p1"), "voters"), ==, 2);
  g_assert_cmpuint (cv_sharing_get_vote (f->sharing, f->ann, "p1"), ==, 2);
  f->clocks = 100;
  change (f, f->ann, "p1", "poll", "'open':false");
  assert_told (f, "p1@person,open | p1@server,counts,voted,voters ");
  JsonArray *voted = json_node_get_array (cv_object_get (find (f, "p1"), "voted"));
  g_assert_cmpuint (json_array_get_length (voted), ==, 2);
  g_assert_cmpint (vote (f, f->bob, 2), ==, CV_SHARING_ERROR_NOT_ALLOWED);
}

/* Who says so comes back as another seat, and has still one vote. */
static void
test_one_vote (Fixture *f, gconstpointer data)
{
  change (f, f->ann, "p1", "poll", "'question':'?','choices':['a','b'],'open':true,'anonymous':true");
  vote (f, f->bob, 1);
  f->ann->formerly = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (f->ann->formerly, g_strdup (f->bob->id));
  vote (f, f->ann, 2);
  f->clocks = 100;
  change (f, f->ann, "p1", "poll", "'open':false");
  g_assert_cmpint (cv_object_get_int (find (f, "p1"), "voters"), ==, 1);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (cv_object_get (find (f, "p1"), "voted"))), ==, 0);
}

/* One person takes no more than a share, several leave something to who leads. */
static void
test_shares (Fixture *f, gconstpointer data)
{
  g_autoptr (CvParticipant) cem = cv_participant_new ("Cem", CV_ROLE_PERSON, &(CvSending){ 0 });
  g_autoptr (CvParticipant) dora = cv_participant_new ("Dora", CV_ROLE_PERSON, &(CvSending){ 0 });
  CvParticipant *people[] = { f->bob, cem, dora };
  guint made[] = { 0, 0, 0 };
  for (guint i = 0; i < G_N_ELEMENTS (people); i++) {
    int fault = -1;
    while (fault == -1) {
      g_autofree char *id = g_strdup_printf ("m%u-%u", i, made[i]);
      fault = change (f, people[i], id, "message", "'text':'Hi'");
      made[i] += fault == -1;
    }
    g_assert_cmpint (fault, ==, CV_SHARING_ERROR_LIMIT);
  }
  g_assert_cmpuint (made[0], ==, CV_SHARING_MAX_OBJECTS_OF_ONE);
  g_assert_cmpuint (made[0] + made[1] + made[2], ==, CV_MODEL_MAX_OBJECTS - CV_SHARING_RESERVED_OBJECTS);
  g_assert_cmpint (change (f, f->ann, "i1", "item", "'order':'V'"), ==, -1);
  for (guint i = 0; i < CV_SHARING_MAX_OBJECTS_OF_ONE; i++) {
    g_autofree char *id = g_strdup_printf ("a%u", i);
    int fault = change (f, f->ann, id, "message", "'text':'Hi'");
    g_assert_cmpint (fault, ==, i + 1 < CV_SHARING_RESERVED_OBJECTS ? -1 : CV_SHARING_ERROR_LIMIT);
  }
}

/* The same of bytes. */
static void
test_shares_of_bytes (Fixture *f, gconstpointer data)
{
  g_autoptr (CvParticipant) cem = cv_participant_new ("Cem", CV_ROLE_PERSON, &(CvSending){ 0 });
  g_autoptr (CvParticipant) dora = cv_participant_new ("Dora", CV_ROLE_PERSON, &(CvSending){ 0 });
  g_autofree char *long_text = g_strnfill (4000, 'x'), *fields = g_strdup_printf ("'text':'%s'", long_text);
  CvParticipant *people[] = { f->bob, cem, dora, f->ann };
  static const gsize rest = CV_MODEL_MAX_BYTES - CV_SHARING_RESERVED_BYTES;
  const gsize most[] = { CV_SHARING_MAX_BYTES_OF_ONE, rest, rest, CV_MODEL_MAX_BYTES };
  for (guint i = 0, n = 0; i < G_N_ELEMENTS (people); i++) {
    int fault = -1;
    for (; fault == -1; n++) {
      g_autofree char *id = g_strdup_printf ("m%u", n);
      fault = change (f, people[i], id, "message", fields);
    }
    g_assert_cmpint (fault, ==, CV_SHARING_ERROR_LIMIT);
    gsize bytes = cv_model_get_bytes (cv_sharing_get_model (f->sharing));
    g_assert_true (bytes >= most[i] && bytes < most[i] + 16384);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, &cv_policy_boardroom, set_up, func, tear_down)
  ADD ("/sharing/stamps", test_stamps);
  ADD ("/sharing/rights", test_rights);
  ADD ("/sharing/seats", test_seats);
  ADD ("/sharing/actor", test_actor);
  ADD ("/sharing/put", test_put);
  ADD ("/sharing/poll", test_poll);
  ADD ("/sharing/one-vote", test_one_vote);
  ADD ("/sharing/shares", test_shares);
  ADD ("/sharing/shares-of-bytes", test_shares_of_bytes);
  return g_test_run ();
}
