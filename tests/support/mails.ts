// What the organisation's mail server hands over: messages as they came.
import type { APIRequestContext, APIResponse } from '@playwright/test';

export const mailFrom = (from: string, subject: string, text: string): string =>
	[
		`From: ${from}`,
		'To: info@classerium.example.com',
		`Subject: ${subject}`,
		`Message-ID: <${Buffer.from(from + subject + text)
			.toString('hex')
			.slice(0, 60)}@example.com>`,
		'Content-Type: text/plain; charset=utf-8',
		'',
		text
	].join('\r\n');

/** A mail server says that there is no such address (RFC 3464). */
export const bounceOf = (messageId: string, to: string): string =>
	[
		'From: Mail Delivery System <mailer-daemon@mx.example.com>',
		'To: info@classerium.example.com',
		'Subject: Undelivered',
		`Message-ID: <report-${messageId.replace(/[<>@]/g, '-')}@mx.example.com>`,
		'Auto-Submitted: auto-replied',
		'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
		'',
		'--b',
		'Content-Type: message/delivery-status',
		'',
		'Reporting-MTA: dns; mx.example.com',
		'',
		`Final-Recipient: rfc822; ${to}`,
		'Action: failed',
		'Status: 5.1.1',
		'',
		'--b',
		'Content-Type: text/rfc822-headers',
		'',
		`Message-ID: ${messageId}`,
		'',
		'--b--'
	].join('\r\n');

export const handOver = (
	request: APIRequestContext,
	authorization: { authorization: string },
	message: string
): Promise<APIResponse> =>
	request.post('/webhooks/mail', {
		headers: { ...authorization, 'Content-Type': 'message/rfc822' },
		data: Buffer.from(message)
	});
