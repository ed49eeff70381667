// Free text that a reasonable person reads as a stop, as patterns over folded text: small letters without accents, vowel signs
// and apostrophes, a single blank before and behind each word (reading.ts). Generous on purpose: somebody reads each of them,
// and until then only one address rests. `ar` is written as folded, with ه for ة and ي for ى.

const english: readonly RegExp[] = [
	/ (?:stop|stops|stopping|unsub\p{L}*|unsubscri\p{L}*|optout|opt(?:ed|ing)? (?:me |us )?out|revok\p{L}*|desist) /u,
	/ (?:dont|do not|don t|never|please not|not to|no longer|no more|quit|cease|enough) (?:(?:ever|again|please|want|wish|like|need|care|any|to|for|you|your|this|these|those|get|getting|receive|receiving|more|with|of|the|me|us|be|being) ){0,6}(?:text|txt|sms|messag|msg|contact|send|sent|write|call|bother|spam|e?mail|notif|disturb|reach|advert|promo|offer)\p{L}* /u,
	/ (?:remove|take|delete|erase|scratch|drop|get) (?:me|us|my (?:name|number|phone|cell|contact)\p{L}*|this (?:name|number|phone)) (?:off|from|out|please|now|today|asap)?/u,
	/ (?:cancel|end|quit|terminate) (?:(?:my|the|this|these|all|your|sms|text|txt|of) ){0,4}(?:subscription|texts?|txts?|messages?|msgs?|sms|alerts?|notifications?|service) /u,
	/ (?:leave (?:me|us) alone|go away|get lost|shut up|piss off|f off|fuck(?: you| off)?|screw you|lose (?:my|this) number) /u,
	/ (?:not interested|no interest|wrong (?:number|person)|unwanted|unsolicited|harass\p{L}*|spam\p{L}*|annoying) /u,
	/ (?:off|out of) (?:your|this|the) (?:list|texts?|messages) /u,
	/ (?:no more|enough (?:already|is enough)|i am out|im out|block(?:ing|ed)? (?:you|this)|report(?:ing|ed)? you) /u
];

const korean: readonly RegExp[] = [
	/(?:문자|메시지|메세지|메씨지|연락|광고|알림|톡|전화|이런 ?거|홍보|sms).{0,24}(?:그만|하지 ?마|하지 ?말|보내지|마세요|마십시오|말아|말라|중지|중단|거부|차단|싫|원하지|원치|받고 ?싶지|빼|끊|안 ?받|안 ?보내|필요 ?없|귀찮|짜증|지겨|취소|해지|꺼)/u,
	/(?:보내지|연락하지|전화하지|문자하지) ?(?:마|말)/u,
	/그만 ?(?:보내|하|좀|해|받|와|오)/u,
	/(?:수신|구독).{0,8}(?:거부|중지|중단|해지|취소|철회|안 ?함|안 ?해|싫)/u,
	/받(?:기|고) ?(?:싫|싶지)|안 ?받(?:을|겠|고|아)/u,
	/(?:번호|연락처|명단|목록).{0,10}(?:삭제|지워|빼|제외|없애)/u,
	/(?:스팸|신고하|잘못 ?(?:보내|온|왔)|귀찮|짜증|꺼져|관심 ?없|필요 ?없)/u,
	/ (?:해지|거부|중지|중단|그만|차단)(?:해|하|요|할|을|를|부탁|바랍|신청| )/u
];

const spanish: readonly RegExp[] = [
	/ (?:stop|unsubscribe|basta|parad|pare|paren|para ya|alto ya|ya estuvo) /u,
	/ (?:no|nunca|jamas|deje|dejen|dejad|deja|dejar|dejaran|pare|paren|ya no|ni) (?:\p{L}+ ){0,4}(?:mensaj|sms|escrib|envi|mand|contact|llam|molest|texto|publicidad|avis|notific|recib)\p{L}* /u,
	/ (?:de baja|la baja|mi baja|baja (?:por favor|ya|inmediata)|desuscri\p{L}*|darse? de baja) /u,
	/ (?:quit|elimin|borr|sac|anul|cancel|retir|suprim)(?:a|ar|e|en|ad|o)(?:me|nos|lo)? (?:\p{L}+ ){0,3}(?:lista|numero|telefono|suscripcion|mensajes|sms|datos|contacto|envios?|servicio) /u,
	/ (?:quit|elimin|borr|sac)(?:e|en|ar|a|ad)(?:me|nos) /u,
	/ (?:no me interesa|no (?:lo )?quiero|no deseo|no gracias ya no|dej(?:e|en|a|ad)(?:me|nos)? (?:en paz|tranquil\p{L}*)|numero equivocado|se equivoc\p{L}*|spam|molest\p{L}*|acoso|pesad[oa]s?|hart[oa]) /u
];

const arabic: readonly RegExp[] = [
	/ (?:لا|لم|لن|ما|مو|مش|ليش|كفايه|كفا|يكفي|خلاص|عدم|بدون|توقف\p{L}*|اوقف\p{L}*|وقف\p{L}*|بطل\p{L}*) (?:\p{L}+ ){0,4}(?:ال|ب|لل|و)?(?:رسال|رسايل|رسائل|رساله|ترسل|ارسال|تراسل|تبعث|بعث|اتصال|تتصل|مراسل|اعلان|اشعار|دعاي|sms)\p{L}* /u,
	/ (?:توقف|توقفوا|اوقفوا?|اوقفي|ايقاف|وقفوا?|كفايه|كفا|خلاص كفا) /u,
	/ (?:الغ|الغاء|الغي|الغوا|ازل|ازاله|ازيلوا|احذف|احذفوا|حذف|شطب|امسح|امسحوا|شيلوا?) (?:\p{L}+ ){0,3}(?:ال)?(?:اشتراك|رقم|اسم|قائم|رسائل|رسايل|تسجيل)\p{L}* /u,
	/ (?:لا|ما|مو|مش) (?:اريد|اريدها|ارغب|ابغي|ابي|بدي|عايز|عاوز|يهمني|مهتم|تزعج\p{L}*|ترسل\p{L}*|تتصل\p{L}*|تراسل\p{L}*) /u,
	/ (?:مزعج\p{L}*|ازعاج|تزعج\p{L}*|سبام|اتركوني|سيبوني|دعوني وشاني|حلوا عني) /u,
	/ (?:ال)?رقم (?:خطا|خاطي|خاطء|غلط) /u
];

const signs: readonly RegExp[] = [/[🛑⛔🚫🖕🔕📵]/u];

export const stopLike: readonly RegExp[] = [...english, ...korean, ...spanish, ...arabic, ...signs];
