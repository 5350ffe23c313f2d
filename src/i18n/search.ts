import type { Language } from './languages.ts';

/** Words of the search dialog. */
export interface SearchText {
	/** Name of the dialog and of its field. */
	title: string;
	/** In the empty field. */
	hint: string;
	close: string;
	loading: string;
	/** Said and shown under the field when there are results. */
	results: (count: number) => string;
	none: (query: string) => string;
	/** The index could not be loaded. */
	failed: string;
	retry: string;
	/** Keys, shown at the foot. */
	keys: { move: string; open: string; close: string };
}

const TEXT: Record<Language, SearchText> = {
	en: {
		title: 'Search the course',
		hint: 'A word, a question, a chain, a command',
		close: 'Close',
		loading: 'Loading the index…',
		results: (count) => (count === 1 ? '1 section' : `${count} sections`),
		none: (query) => `Nothing found for “${query}”. Fewer or other words may help.`,
		failed: 'The search index could not be loaded. Are all files of the course here?',
		retry: 'Try again',
		keys: { move: 'choose', open: 'open', close: 'close' },
	},
	fr: {
		title: 'Rechercher dans le cours',
		hint: 'Un mot, une question, une chaîne, une commande',
		close: 'Fermer',
		loading: 'Chargement de l’index…',
		results: (count) => (count < 2 ? `${count} section` : `${count} sections`),
		none: (query) => `Rien trouvé pour «\u202F${query}\u202F». Essayez moins de mots, ou d’autres.`,
		failed: 'L’index de recherche n’a pas pu être chargé. Tous les fichiers du cours sont-ils là\u202F?',
		retry: 'Réessayer',
		keys: { move: 'choisir', open: 'ouvrir', close: 'fermer' },
	},
	ko: {
		title: '과정 검색',
		hint: '단어, 질문, 체인, 명령',
		close: '닫기',
		loading: '색인을 불러오는 중…',
		results: (count) => `섹션 ${count}개`,
		none: (query) => `“${query}”에 대한 결과가 없습니다. 단어를 줄이거나 바꾸어 보세요.`,
		failed: '검색 색인을 불러오지 못했습니다. 과정 파일이 모두 있는지 확인하세요.',
		retry: '다시 시도',
		keys: { move: '선택', open: '열기', close: '닫기' },
	},
	zh: {
		title: '搜索课程',
		hint: '词语、问题、链名、命令',
		close: '关闭',
		loading: '正在载入索引…',
		results: (count) => `${count}个小节`,
		none: (query) => `没有找到“${query}”。可以少输入几个词，或换个说法。`,
		failed: '无法载入搜索索引。课程的文件都在吗？',
		retry: '重试',
		keys: { move: '选择', open: '打开', close: '关闭' },
	},
};

/** Words of the search dialog in one language. */
export function searchText(language: Language): SearchText {
	return TEXT[language];
}
