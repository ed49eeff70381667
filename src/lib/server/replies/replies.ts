// Promise: whatever comes back from people is heard: a word at once, their own words by a person, and none of it twice.
// The face of replies: what pages, webhooks, commands and the outbox may ask for.
export {
	decide,
	decisions,
	longestReason,
	queue,
	see,
	tally,
	type Decision,
	type Reply
} from './handling.ts';
export { isLiftable, writeAgain } from './again.ts';
export { receiveMail, type ReceivedMail } from './mail/receiving.ts';
export { recordStop } from './on-paper.ts';
export { addressRefused, type RefusedAddress } from './refused-addresses.ts';
export { readGateway, readMessage, type Arrived } from './sms/gateway.ts';
export { receiveSms, type Outcome, type SmsMessage } from './sms/receiving.ts';
