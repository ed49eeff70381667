import { expect, test } from 'vitest';
import { gatewayOf } from './gateway-url.ts';

test('an operator names a gateway that takes JSON, with or without a password', () => {
	expect(gatewayOf('https://sms.example.com/messages')).toEqual({
		shape: 'json',
		address: 'https://sms.example.com/messages',
		authorization: undefined
	});
	expect(gatewayOf('https://candor:p%40ss@sms.example.com/messages?x=1')).toEqual({
		shape: 'json',
		address: 'https://sms.example.com/messages?x=1',
		authorization: `Basic ${Buffer.from('candor:p@ss').toString('base64')}`
	});
});

test('an operator names one that is shaped like Twilio’s', () => {
	expect(gatewayOf('twilio+https://AC1:token@api.twilio.com/?from=+15551234567')).toEqual({
		shape: 'twilio',
		address: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json',
		authorization: `Basic ${Buffer.from('AC1:token').toString('base64')}`,
		sender: { From: '+15551234567' }
	});
	const service = `MG${'0'.repeat(32)}`;
	expect(gatewayOf(`twilio+http://AC1:token@127.0.0.1:8080/send?from=${service}`)).toMatchObject({
		address: 'http://127.0.0.1:8080/send',
		sender: { MessagingServiceSid: service }
	});
	expect(gatewayOf('twilio+https://AC1:token@api.twilio.com?from=Linden%20Lib')).toMatchObject({
		sender: { From: 'Linden Lib' }
	});
});

test.each([
	'sms.example.com',
	'ftp://sms.example.com',
	'https://',
	'https://name:100%@sms.example.com',
	'twilio+https://api.twilio.com/?from=+15551234567',
	'twilio+https://AC1@api.twilio.com/?from=+15551234567',
	'twilio+https://AC1:token@api.twilio.com/',
	'twilio+https://AC1:token@api.twilio.com/?from=%00'
])('%s is no gateway', (url) => expect(gatewayOf(url)).toBeUndefined());
