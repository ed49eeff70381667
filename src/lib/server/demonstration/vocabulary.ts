// Names, places and phrases of invented people, by language; a language that is not here borrows the English ones.

export interface Place {
	country: string;
	region: string | null;
	timeZone: string;
	city: string;
	currency: string;
	/** `#` stands for a digit; numbers that belong to nobody, where a country sets such aside. */
	phone: string;
}

export interface Vocabulary {
	/** Given name, and how it is written in an address. */
	given: readonly (readonly [string, string])[];
	family: readonly (readonly [string, string])[];
	familyFirst: boolean;
	places: readonly Place[];
	titles: readonly string[];
	sentences: readonly string[];
	schools: readonly string[];
	companies: readonly string[];
}

const english: Vocabulary = {
	given: [
		['Grace', 'grace'],
		['Noah', 'noah'],
		['Ruby', 'ruby'],
		['Ethan', 'ethan'],
		['Zoe', 'zoe'],
		['Liam', 'liam'],
		['Hazel', 'hazel'],
		['Owen', 'owen'],
		['Maya', 'maya'],
		['Theo', 'theo']
	],
	family: [
		['Bennett', 'bennett'],
		['Okafor', 'okafor'],
		['Walsh', 'walsh'],
		['Patel', 'patel'],
		['Fraser', 'fraser'],
		['Nguyen', 'nguyen'],
		['Clarke', 'clarke'],
		['Rossi', 'rossi'],
		['Hughes', 'hughes'],
		['Meyer', 'meyer']
	],
	familyFirst: false,
	places: [
		{
			country: 'US',
			region: 'CA',
			timeZone: 'America/Los_Angeles',
			city: 'Oakland',
			currency: 'USD',
			phone: '+1 510 555 01##'
		},
		{
			country: 'US',
			region: 'NY',
			timeZone: 'America/New_York',
			city: 'Rochester',
			currency: 'USD',
			phone: '+1 585 555 01##'
		},
		{
			country: 'GB',
			region: null,
			timeZone: 'Europe/London',
			city: 'Leeds',
			currency: 'GBP',
			phone: '+44 7700 900###'
		},
		{
			country: 'IE',
			region: null,
			timeZone: 'Europe/Dublin',
			city: 'Cork',
			currency: 'EUR',
			phone: '+353 85 010 ####'
		}
	],
	titles: [
		'A first look',
		'Watercolour for beginners',
		'Baking bread at home',
		'Spreadsheets without fear',
		'Stars and planets',
		'Public speaking',
		'A short history of paper',
		'Garden in a box',
		'Photography by daylight',
		'Writing a letter'
	],
	sentences: [
		'That was clearer than I had expected, thank you.',
		'Could you go through the second part once more?',
		'I will bring the drawings on Thursday.',
		'Here is what we found out in the library.',
		'The recording stops after ten minutes.',
		'See you next week, same place.',
		'I tried it at home and it worked.'
	],
	schools: ['Hillside School', 'Riverbank School', 'Oak Lane School'],
	companies: ['Bennett & Daughters', 'Harbour Studio', 'Northlight Tools']
};

const korean: Vocabulary = {
	given: [
		['지우', 'jiwoo'],
		['하준', 'hajun'],
		['서윤', 'seoyun'],
		['도윤', 'doyun'],
		['수아', 'sua'],
		['예준', 'yejun'],
		['하은', 'haeun'],
		['시우', 'siwoo'],
		['유진', 'yujin'],
		['건우', 'geonwoo']
	],
	family: [
		['김', 'kim'],
		['이', 'lee'],
		['박', 'park'],
		['최', 'choi'],
		['정', 'jung'],
		['강', 'kang'],
		['윤', 'yoon'],
		['한', 'han'],
		['오', 'oh'],
		['서', 'seo']
	],
	familyFirst: true,
	places: [
		{
			country: 'KR',
			region: null,
			timeZone: 'Asia/Seoul',
			city: '서울',
			currency: 'KRW',
			phone: '+82 10 0000 ####'
		},
		{
			country: 'KR',
			region: null,
			timeZone: 'Asia/Seoul',
			city: '부산',
			currency: 'KRW',
			phone: '+82 10 0000 ####'
		},
		{
			country: 'KR',
			region: null,
			timeZone: 'Asia/Seoul',
			city: '전주',
			currency: 'KRW',
			phone: '+82 10 0000 ####'
		}
	],
	titles: [
		'처음 만나는 수채화',
		'집에서 굽는 빵',
		'별과 행성 이야기',
		'발표가 편해지는 연습',
		'종이의 짧은 역사',
		'작은 텃밭 가꾸기',
		'자연광 사진',
		'편지 쓰기',
		'엑셀 첫걸음',
		'우리 동네 지도 그리기'
	],
	sentences: [
		'생각보다 이해하기 쉬웠어요. 고맙습니다.',
		'두 번째 부분을 한 번만 더 설명해 주실 수 있나요?',
		'그림은 목요일에 가져갈게요.',
		'도서관에서 찾은 내용을 정리했습니다.',
		'영상이 10분 뒤에 멈춥니다.',
		'다음 주에 같은 곳에서 만나요.',
		'집에서 해 봤는데 잘 됐어요.'
	],
	schools: ['한빛초등학교', '푸른중학교', '새봄고등학교'],
	companies: ['한결 스튜디오', '나무와 도구', '바람공방']
};

const spanish: Vocabulary = {
	given: [
		['Lucía', 'lucia'],
		['Mateo', 'mateo'],
		['Valeria', 'valeria'],
		['Hugo', 'hugo'],
		['Carmen', 'carmen'],
		['Diego', 'diego'],
		['Sofía', 'sofia'],
		['Bruno', 'bruno'],
		['Elena', 'elena'],
		['Iker', 'iker']
	],
	family: [
		['Ortega', 'ortega'],
		['Navarro', 'navarro'],
		['Quispe', 'quispe'],
		['Serrano', 'serrano'],
		['Molina', 'molina'],
		['Vidal', 'vidal'],
		['Acosta', 'acosta'],
		['Prieto', 'prieto'],
		['Luna', 'luna'],
		['Rojas', 'rojas']
	],
	familyFirst: false,
	places: [
		{
			country: 'ES',
			region: null,
			timeZone: 'Europe/Madrid',
			city: 'Sevilla',
			currency: 'EUR',
			phone: '+34 600 000 ###'
		},
		{
			country: 'ES',
			region: null,
			timeZone: 'Europe/Madrid',
			city: 'Bilbao',
			currency: 'EUR',
			phone: '+34 600 000 ###'
		},
		{
			country: 'AR',
			region: null,
			timeZone: 'America/Argentina/Buenos_Aires',
			city: 'Rosario',
			currency: 'ARS',
			phone: '+54 9 341 400 ####'
		}
	],
	titles: [
		'Acuarela para empezar',
		'Pan hecho en casa',
		'Estrellas y planetas',
		'Hablar en público',
		'Breve historia del papel',
		'Un huerto en el balcón',
		'Fotografía con luz natural',
		'Escribir una carta',
		'Hojas de cálculo sin miedo',
		'El mapa de mi barrio'
	],
	sentences: [
		'Quedó más claro de lo que esperaba, gracias.',
		'¿Podría repasar otra vez la segunda parte?',
		'Llevaré los dibujos el jueves.',
		'Esto es lo que encontramos en la biblioteca.',
		'La grabación se corta a los diez minutos.',
		'Nos vemos la semana que viene en el mismo sitio.',
		'Lo probé en casa y funcionó.'
	],
	schools: ['Colegio La Encina', 'Instituto Ribera', 'Colegio Los Almendros'],
	companies: ['Taller Ortega', 'Estudio Marea', 'Herramientas del Sur']
};

const arabic: Vocabulary = {
	given: [
		['ليلى', 'layla'],
		['يوسف', 'yousef'],
		['مريم', 'maryam'],
		['كريم', 'karim'],
		['سلمى', 'salma'],
		['آدم', 'adam'],
		['نور', 'nour'],
		['حسن', 'hasan'],
		['هالة', 'hala'],
		['زياد', 'ziad']
	],
	family: [
		['حداد', 'haddad'],
		['منصور', 'mansour'],
		['الخطيب', 'alkhatib'],
		['صالح', 'saleh'],
		['عمران', 'omran'],
		['بنسعيد', 'bensaid'],
		['ناصر', 'nasser'],
		['شاهين', 'shahin'],
		['المصري', 'almasri'],
		['درويش', 'darwish']
	],
	familyFirst: false,
	places: [
		{
			country: 'MA',
			region: null,
			timeZone: 'Africa/Casablanca',
			city: 'فاس',
			currency: 'MAD',
			phone: '+212 600 000 ###'
		},
		{
			country: 'EG',
			region: null,
			timeZone: 'Africa/Cairo',
			city: 'الإسكندرية',
			currency: 'EGP',
			phone: '+20 100 000 ####'
		},
		{
			country: 'JO',
			region: null,
			timeZone: 'Asia/Amman',
			city: 'إربد',
			currency: 'JOD',
			phone: '+962 7 9000 ####'
		}
	],
	titles: [
		'الرسم بالألوان المائية للمبتدئين',
		'الخبز في المنزل',
		'النجوم والكواكب',
		'التحدث أمام الجمهور',
		'تاريخ موجز للورق',
		'حديقة صغيرة على الشرفة',
		'التصوير في ضوء النهار',
		'كتابة رسالة',
		'الجداول الحسابية بلا خوف',
		'خريطة الحي'
	],
	sentences: [
		'كان الشرح أوضح مما توقعت، شكرًا.',
		'هل يمكن إعادة شرح الجزء الثاني؟',
		'سأحضر الرسومات يوم الخميس.',
		'هذا ما وجدناه في المكتبة.',
		'يتوقف التسجيل بعد عشر دقائق.',
		'نلتقي الأسبوع القادم في المكان نفسه.',
		'جربته في البيت ونجح.'
	],
	schools: ['مدرسة الزيتون', 'مدرسة النخيل', 'مدرسة الأفق'],
	companies: ['ورشة حداد', 'استوديو المرفأ', 'أدوات الأطلس']
};

const languages: Record<string, Vocabulary> = { en: english, ko: korean, es: spanish, ar: arabic };

export const vocabularyOf = (language: string): Vocabulary =>
	languages[language.split('-')[0] as string] ?? english;

/** Where people of the country live, whatever language they read. */
export function placeIn(country: string): Place | undefined {
	return Object.values(languages)
		.flatMap(({ places }) => places)
		.find((place) => place.country === country);
}

export const devices = [
	'Galaxy S24',
	'iPhone 15',
	'Galaxy Tab A9',
	'iPad (10th generation)',
	'Pixel 8',
	'MacBook Air',
	'ThinkPad T14'
];
export const systems = ['Android 15', 'iOS 18.1', 'iPadOS 18.1', 'macOS 15', 'Windows 11'];
export const browsers = ['Firefox 145', 'Chrome 142', 'Safari 18', 'Edge 142', 'Samsung Internet 27'];
