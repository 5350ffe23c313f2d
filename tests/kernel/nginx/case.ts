/** What is asked of both: a configuration, files, requests as octets. */

export interface Case {
	readonly name: string;
	/** Inside `http { }`; ROOT is a directory of the test's own. */
	readonly http: string;
	readonly files?: Readonly<Record<string, string>>;
	/** Text of requests, one character for each octet; before it may stand `PORT n` or `SLEEP ms`, on a line. */
	readonly requests: readonly string[];
	/** Its logs are compared too. */
	readonly logs?: boolean;
	/** Lines of a log come in any order: servers of the same nginx log when they get to it. */
	readonly sort?: boolean;
}

export const get = (path: string, more = '', version = '1.1', method = 'GET', host = 'localhost'): string =>
	`${method} ${path} HTTP/${version}\r\n${version === '1.1' || host !== 'localhost' ? `Host: ${host}\r\n` : ''}${more}\r\n`;

export const html: Readonly<Record<string, string>> = {
	'html/index.html': '<h1>home</h1>\n',
	'html/a.txt': 'abcdefghij\n',
	'html/d/x.css': 'body {}\n',
	'html/404.html': 'mine\n',
	'html/50x.html': 'sorry\n',
	'html/list/b': '1',
	'html/list/a b.txt': '12',
	'html/list/sub/z': '',
	'html/noext': 'raw',
};

/** A server on the port that is asked, with what stands before it. */
export const on = (body: string, before = ''): string => `${before} server { listen 18080; root ROOT/html; ${body} }`;
