// The words that count when they are the whole message: the standard set of carriers and authorities, and what people write in
// each shipped language. How they are spelled (case, blanks, marks, full width) is no matter: reading.ts folds both sides.

export type Meaning = 'stop' | 'start' | 'help';

/** By the languages that use them; any of them counts, whatever language the person reads. */
export const words: Readonly<Record<Meaning, Readonly<Record<string, readonly string[]>>>> = {
	stop: {
		// CTIA, 47 CFR § 64.1200(a)(10), Twilio and AWS.
		standard: [
			'STOP',
			'STOPALL',
			'STOP ALL',
			'UNSUBSCRIBE',
			'CANCEL',
			'END',
			'QUIT',
			'REVOKE',
			'OPT OUT',
			'REMOVE',
			'TD'
		],
		en: ['UNSUB', 'STOP NOW', 'STOP PLEASE', 'PLEASE STOP', 'OUT', 'OFF', 'CEASE', 'REMOVE ME', 'NO MORE'],
		ko: [
			'수신거부',
			'무료수신거부',
			'거부',
			'해지',
			'그만',
			'중지',
			'정지',
			'중단',
			'취소',
			'철회',
			'차단',
			'수신중단',
			'수신해지',
			'수신동의철회',
			'구독취소',
			'구독해지',
			'스톱',
			'스탑'
		],
		es: [
			'ALTO',
			'PARAR',
			'PARA',
			'PARE',
			'BAJA',
			'DAR DE BAJA',
			'DARME DE BAJA',
			'CANCELAR',
			'CANCELA',
			'DETENER',
			'TERMINAR',
			'SALIR',
			'BASTA',
			'NO MÁS',
			'REVOCAR',
			'ANULAR',
			'ELIMINAR',
			'FIN'
		],
		ar: [
			'إيقاف',
			'أوقف',
			'أوقفوا',
			'توقف',
			'توقفوا',
			'وقف',
			'قف',
			'إلغاء',
			'الغاء الاشتراك',
			'إلغاء اشتراك',
			'ألغ الاشتراك',
			'إنهاء',
			'إزالة',
			'خروج',
			'كفى',
			'رفض',
			'ستوب'
		],
		fr: ['ARRÊT', 'ARRÊTER', 'ARRÊTEZ', 'DÉSABONNER', 'DÉSINSCRIRE', 'RÉSILIER'],
		de: ['STOPP', 'ABMELDEN', 'ABBESTELLEN', 'BEENDEN'],
		pt: ['SAIR', 'REMOVER'],
		it: ['FERMA', 'ANNULLA', 'DISISCRIVI']
	},
	start: {
		standard: ['START', 'YES', 'UNSTOP'],
		en: ['RESUME', 'SUBSCRIBE', 'OPT IN', 'RESTART'],
		ko: ['시작', '재개', '수신', '수신동의', '동의', '구독', '네', '예'],
		es: ['SÍ', 'ALTA', 'INICIAR', 'INICIO', 'EMPEZAR', 'COMENZAR', 'REANUDAR', 'SUSCRIBIR'],
		ar: ['ابدأ', 'بدء', 'نعم', 'اشتراك', 'اشترك', 'استئناف', 'تفعيل'],
		fr: ['OUI', 'COMMENCER', 'REPRENDRE'],
		de: ['JA', 'STARTEN', 'ANMELDEN'],
		pt: ['SIM', 'INICIAR']
	},
	help: {
		standard: ['HELP', 'INFO'],
		en: ['INFORMATION', 'SUPPORT'],
		ko: ['도움말', '도움', '안내', '정보', '문의', '고객센터'],
		es: ['AYUDA', 'INFORMACIÓN', 'SOPORTE'],
		ar: ['مساعدة', 'المساعدة', 'معلومات', 'دعم'],
		fr: ['AIDE', 'INFOS'],
		de: ['HILFE'],
		pt: ['AJUDA', 'INFORMAÇÃO']
	}
};
