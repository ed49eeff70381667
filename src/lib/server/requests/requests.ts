// Promise: what a person asks is written down with its due date, answered in one thread that both sides see, and never lost.
// The face of requests: what pages, commands and other domains may ask for.
export { dueFor } from './clock/clock.ts';
export { keptUntil } from './ends.ts';
export { longestText, type Message } from './messages.ts';
export { attachment, attachmentLimits, type Attachment, type File } from './attachments.ts';
export { asks, channels, kinds, kindsFor, type Ask, type Channel, type Kind } from './kinds.ts';
export { feeFor, type Fee } from './fees.ts';
export { groundsFor, type Ground } from './grounds.ts';
export { open, receive, subjectOf, type Arrival, type Opening } from './opening.ts';
export { addMessage, appeal, close, disown } from './thread.ts';
export { answer, answerAs, decide, extend, type Decision } from './handling.ts';
export { find, list, openCount, type Found, type Request } from './reading.ts';
export { confirm, doneNow, openAndDo, receiveAndDo, settle, type DoneNow } from './at-once.ts';
export { californiaDisclosure, type CaliforniaDisclosure } from './california.ts';
export { mailTally, ownerOf, queue, viewAs, type Queued, type QueueFilter } from './queue.ts';
export { countMail, receiveMail, type Received } from './mail/receiving.ts';
export { largestMail } from './mail/reading.ts';
