/* sofia-sip's transactions and dialogs, with what of ours they carry. Included by whoever speaks SIP, and by no header. */
#pragma once

#include <glib.h>

struct _CvUserAgent;
struct _CvDialog;

#define NTA_AGENT_MAGIC_T struct _CvUserAgent
#define NTA_LEG_MAGIC_T struct _CvDialog
#define NTA_INCOMING_MAGIC_T struct _CvDialog
#define NTA_OUTGOING_MAGIC_T void

/* clang-format off: each needs the one before */
#include <sofia-sip/su_glib.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>
/* clang-format on */

/* What we do, wherever a message says so. */
#define CV_SIP_ALLOW "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"
#define CV_SIP_SUPPORTED "timer"
#define CV_SIP_SERVER "Conclave"
