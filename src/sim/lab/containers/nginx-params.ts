/** What nginx's images have in /etc/nginx for gateways (conf/{fastcgi,scgi,uwsgi}_params @ release-1.23.1). */

/** By the first line of each paragraph; a name alone is its variable in small letters. */
const REMOTE = 'REMOTE_ADDR REMOTE_PORT';
const SERVER = 'SERVER_PORT SERVER_NAME';
const REQUEST = 'REQUEST_SCHEME=$scheme HTTPS=$https!';

const PARAMS: Readonly<Record<string, readonly string[]>> = {
	fastcgi: [
		'QUERY_STRING REQUEST_METHOD CONTENT_TYPE CONTENT_LENGTH',
		`SCRIPT_NAME=$fastcgi_script_name REQUEST_URI DOCUMENT_URI DOCUMENT_ROOT SERVER_PROTOCOL ${REQUEST}`,
		'GATEWAY_INTERFACE=CGI/1.1 SERVER_SOFTWARE=nginx/$nginx_version',
		`${REMOTE} SERVER_ADDR ${SERVER}`,
		'REDIRECT_STATUS=200',
	],
	scgi: [
		'REQUEST_METHOD REQUEST_URI QUERY_STRING CONTENT_TYPE',
		`DOCUMENT_URI DOCUMENT_ROOT SCGI=1 SERVER_PROTOCOL ${REQUEST}`,
		`${REMOTE} ${SERVER}`,
	],
	uwsgi: [
		'QUERY_STRING REQUEST_METHOD CONTENT_TYPE CONTENT_LENGTH',
		`REQUEST_URI PATH_INFO=$document_uri DOCUMENT_ROOT SERVER_PROTOCOL ${REQUEST}`,
		`${REMOTE} ${SERVER}`,
	],
};

/** `fastcgi_param  QUERY_STRING       $query_string;`, in paragraphs; by the file's name. */
export const gatewayParams = (): Readonly<Record<string, string>> =>
	Object.fromEntries(
		Object.entries(PARAMS).map(([gateway, paragraphs]) => {
			const line = (text: string): string => {
				const [name = '', value = `$${name.toLowerCase()}`] = text.split('=');
				return `${gateway}_param  ${name.padEnd(18)} ${value.replace(/!$/, ' if_not_empty')};\n`;
			};
			return [`${gateway}_params`, paragraphs.map((words) => `\n${words.split(' ').map(line).join('')}`).join('')];
		}),
	);
