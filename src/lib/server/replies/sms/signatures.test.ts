import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import twilio from 'twilio';
import { describe, expect, test } from 'vitest';
import { isStandard, isTwilioBody, isTwilioForm, type Parameters } from './signatures.ts';

const { getExpectedTwilioSignature, validateRequest, validateRequestWithBody } = twilio;

/** The vector that Twilio publishes. */
const published = {
	token: '12345',
	url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
	parameters: {
		CallSid: 'CA1234567890ABCDE',
		Caller: '+14158675309',
		Digits: '1234',
		From: '+14158675309',
		To: '+18005551212'
	},
	signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8='
};
const entries = (parameters: Record<string, string>): Parameters => Object.entries(parameters);

describe('a message that Twilio signed', () => {
	test('is known by the published vector, in whatever order its parameters come', () => {
		const { token, url, parameters, signature } = published;
		expect(isTwilioForm(token, url, entries(parameters), signature)).toBe(true);
		expect(isTwilioForm(token, url, entries(parameters).toReversed(), signature)).toBe(true);
		expect(validateRequest(token, signature, url, parameters)).toBe(true);
	});

	test('is taken with and without the port that goes without saying', () => {
		const { token, parameters } = published;
		const spellings = [
			'https://sms.example.com/webhooks/sms?a=1',
			'https://sms.example.com:443/webhooks/sms?a=1'
		];
		for (const signed of spellings)
			for (const seen of spellings) {
				const signature = getExpectedTwilioSignature(token, signed, parameters);
				expect(isTwilioForm(token, seen, entries(parameters), signature)).toBe(true);
			}
		const signature = getExpectedTwilioSignature(token, 'http://sms.example.com:8080/in', parameters);
		expect(isTwilioForm(token, 'http://sms.example.com:8080/in', entries(parameters), signature)).toBe(true);
	});

	test('is taken and refused exactly as their own validator does it', () => {
		const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((value) => value.toWellFormed());
		const name = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
		const forms = fc.dictionary(name, text, { maxKeys: 8 }).map((form) => ({ ...form }));
		fc.assert(
			fc.property(forms, fc.string({ minLength: 1 }), fc.boolean(), (form, token, isForged) => {
				const url = 'https://privacy.example.com/webhooks/sms';
				const right = getExpectedTwilioSignature(token, url, form);
				const signature = isForged ? randomBytes(20).toString('base64') : right;
				expect(isTwilioForm(token, url, entries(form), signature)).toBe(
					validateRequest(token, signature, url, form)
				);
			})
		);
	});

	test('with a parameter that came twice, or one that nobody knows yet, is taken', () => {
		const url = 'https://privacy.example.com/webhooks/sms';
		const parameters: Parameters = [
			['Body', 'STOP'],
			['Tag', 'b'],
			['Tag', 'a'],
			['Tag', 'b'],
			['SomethingNew', '1']
		];
		const form = { Body: 'STOP', Tag: ['b', 'a', 'b'], SomethingNew: '1' };
		expect(isTwilioForm('token', url, parameters, getExpectedTwilioSignature('token', url, form))).toBe(true);
	});

	test.each([
		['another secret', { token: '12346' }],
		['another address', { url: 'https://mycompany.com/myapp.php?foo=1&bar=3' }],
		['another host', { url: 'https://yourcompany.com/myapp.php?foo=1&bar=2' }],
		['plain http', { url: 'http://mycompany.com/myapp.php?foo=1&bar=2' }],
		['another value', { parameters: { ...published.parameters, Digits: '1235' } }],
		['a parameter more', { parameters: { ...published.parameters, Extra: '1' } }],
		['no signature', { signature: '' }],
		['a shortened one', { signature: published.signature.slice(0, 20) }],
		['a longer one', { signature: `${published.signature}AAAA` }]
	])('is refused with %s', (_, change) => {
		const { token, url, parameters, signature } = { ...published, ...change };
		expect(isTwilioForm(token, url, entries(parameters), signature)).toBe(false);
	});

	test('may be JSON, whose hash stands in the signed address', () => {
		const body = Buffer.from('{"MessageSid":"SM1","Body":"STOP"}');
		const hash = createHash('sha256').update(body).digest('hex');
		const url = `https://privacy.example.com/webhooks/sms?bodySHA256=${hash}`;
		const signature = getExpectedTwilioSignature('token', url, {});
		expect(validateRequestWithBody('token', signature, url, body.toString())).toBe(true);
		expect(isTwilioBody('token', url, body, signature)).toBe(true);
		expect(isTwilioBody('token', url, Buffer.from('{}'), signature)).toBe(false);
		expect(isTwilioBody('token', url.replace(hash, ''), body, signature)).toBe(false);
		expect(isTwilioBody('other', url, body, signature)).toBe(false);
	});
});

describe('a message that another gateway signed', () => {
	const secret = `whsec_${randomBytes(24).toString('base64')}`;
	const now = new Date('2026-11-22T09:00:00.000Z');
	const body = '{"id":"m-1"}';
	const signedAt = (at: Date, key = new Webhook(secret)) => ({
		id: 'msg_1',
		timestamp: String(Math.floor(at.getTime() / 1_000)),
		signature: key.sign('msg_1', at, body)
	});

	test('is taken, also beside the signature of an older secret, and with one that is no Base64', () => {
		const head = signedAt(now);
		expect(isStandard(secret, head, body, now)).toBe(true);
		expect(isStandard(secret, { ...head, signature: `v1,AAAA ${head.signature}` }, body, now)).toBe(true);
		const plain = 'a plain secret of the gateway';
		expect(isStandard(plain, signedAt(now, new Webhook(plain, { format: 'raw' })), body, now)).toBe(true);
	});

	test('is refused when it is older than five minutes, or comes from the future', () => {
		for (const [minutes, fits] of [
			[-4.9, true],
			[-5.1, false],
			[4.9, true],
			[5.1, false]
		] as const) {
			const at = new Date(now.getTime() + minutes * 60_000);
			expect(isStandard(secret, signedAt(at), body, now)).toBe(fits);
		}
	});

	test('is refused with another body, name, secret or no signature', () => {
		const head = signedAt(now);
		expect(isStandard(secret, head, `${body} `, now)).toBe(false);
		expect(isStandard(secret, { ...head, id: 'msg_2' }, body, now)).toBe(false);
		expect(isStandard(secret, { ...head, id: '' }, body, now)).toBe(false);
		expect(isStandard(secret, { ...head, signature: '' }, body, now)).toBe(false);
		expect(isStandard(secret, { ...head, timestamp: 'now' }, body, now)).toBe(false);
		expect(isStandard(`whsec_${randomBytes(24).toString('base64')}`, head, body, now)).toBe(false);
	});
});
