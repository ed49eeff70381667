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

export const handOver = (
	request: APIRequestContext,
	authorization: { authorization: string },
	message: string
): Promise<APIResponse> =>
	request.post('/webhooks/mail', {
		headers: { ...authorization, 'Content-Type': 'message/rfc822' },
		data: Buffer.from(message)
	});
