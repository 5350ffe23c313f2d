/** Options of curl: what this one does, what changes nothing here, and what it does not do (src/tool_getparam.c @ curl-7_81_0). */
import type { OptionFault, OptionSpec, Options } from './words.ts';
import { getopt } from './words.ts';

/** Heeded. A long name alone, or `long=>short`; `=` takes a value. */
const DONE =
	'append=>a ipv4=>4 ipv6=>6 user-agent=>A cookie=>b cookie-jar=>c continue-at=>C data=>d dump-header=>D referer=>e cacert= capath= cert=>E key= compressed connect-timeout= connect-to= create-dirs data-ascii=>d data-binary= data-raw= data-urlencode= fail=>f fail-early fail-with-body form=>F form-string= get=>G globoff=>g head=>I header=>H help=>h http1.0=>0 http1.1 include=>i insecure=>k interface= json= junk-session-cookies=>j local-port= location=>L location-trusted max-redirs= max-time=>m noproxy= no-buffer=>N no-progress-meter output=>o output-dir= parallel=>Z path-as-is post301 post302 post303 progress-bar=># proxy=>x range=>r remote-name=>O remote-name-all remote-time=>R request=>X request-target= resolve= retry= retry-all-errors retry-connrefused retry-delay= retry-max-time= show-error=>S silent=>s unix-socket= upload-file=>T url= user=>u verbose=>v version=>V write-out=>w basic stderr=';

/** Without effect on what is asked or shown here: sockets' ways, and TLS's, which the lab does not speak. */
const NOTHING =
	'tcp-nodelay tcp-fastopen keepalive-time= no-keepalive no-alpn no-npn no-sessionid ciphers= curves= tls13-ciphers= tls-max= tlsv1=>1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 sslv2=>2 sslv3=>3 ssl-no-revoke ssl-revoke-best-effort ssl-allow-beast ssl-auto-client-cert cert-type= key-type= false-start http2 http0.9 expect100-timeout= happy-eyeballs-timeout-ms= styled-output parallel-immediate parallel-max= disable=>q use-ascii=>B proto= proto-default= proto-redir= raw tr-encoding suppress-connect-headers random-file= egd-file= haproxy-protocol';

/** Real ones that this curl does not do. */
const REFUSED =
	'http2-prior-knowledge speed-limit=>Y speed-time=>y limit-rate= abstract-unix-socket= alt-svc= anyauth aws-sigv4= cert-status compressed-ssh config=>K create-file-mode= crlf crlfile= delegation= digest disable-eprt disable-epsv disallow-username-in-url dns-interface= dns-ipv4-addr= dns-ipv6-addr= dns-servers= doh-cert-status doh-insecure doh-url= engine= etag-compare= etag-save= form-escape ftp-account= ftp-alternative-to-user= ftp-create-dirs ftp-method= ftp-pasv ftp-port=>P ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-ccc-mode= ftp-ssl-control hostpubmd5= hostpubsha256= hsts= http3 ignore-content-length krb= libcurl= list-only=>l login-options= mail-auth= mail-from= mail-rcpt= mail-rcpt-allowfails manual=>M max-filesize= metalink negotiate netrc=>n netrc-file= netrc-optional next ntlm ntlm-wb oauth2-bearer= pass= pinnedpubkey= preproxy= proxy-anyauth proxy-basic proxy-cacert= proxy-capath= proxy-cert= proxy-cert-type= proxy-ciphers= proxy-crlfile= proxy-digest proxy-header= proxy-insecure proxy-key= proxy-key-type= proxy-negotiate proxy-ntlm proxy-pass= proxy-pinnedpubkey= proxy-service-name= proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tls13-ciphers= proxy-tlsauthtype= proxy-tlspassword= proxy-tlsuser= proxy-tlsv1 proxy-user=>U proxy1.0= proxytunnel=>p pubkey= quote=>Q remote-header-name=>J sasl-authzid= sasl-ir service-name= socks4= socks4a= socks5= socks5-basic socks5-gssapi socks5-gssapi-nec socks5-gssapi-service= socks5-hostname= ssl ssl-reqd telnet-option=>t tftp-blksize= tftp-no-options time-cond=>z tlsauthtype= tlspassword= tlsuser= trace= trace-ascii= trace-time xattr';

const SHORT = 'a46A:b:c:C:d:D:e:E:fF:Gg#H:hiIjkK:lLm:Mno:OpP:qQ:r:RsSt:T:u:U:vVw:x:X:Y:y:z:ZN0123BJ';

const names = (list: string): readonly string[] => list.split(' ').map((name) => name.replace('==>', '=>'));

export type CurlOptions = Options;

/** Reads a command line; a fault, or the option that this curl does not do. */
export function curlOptions(
	words: readonly string[],
): Options | { readonly fault: OptionFault } | { readonly refused: string } {
	const spec: OptionSpec = { short: SHORT, long: [...names(DONE), ...names(NOTHING), ...names(REFUSED)] };
	const negated = new Set(names(DONE).map((name) => name.replace(/=.*$/, '')));
	// `--no-x` takes back what `--x` says.
	const kept = words.filter(
		(word) =>
			!/^--no-/.test(word) ||
			spec.long!.some((name) => name.replace(/=.*$/, '') === word.slice(2)) ||
			!negated.has(word.slice(5)),
	);
	const read = getopt(kept, spec);
	if ('fault' in read) return read;
	for (const entry of names(REFUSED)) {
		const [long = '', short] = entry.split('=>');
		const name = short ?? long.replace(/=$/, '');
		if (read.values.has(name)) return { refused: `--${long.replace(/=$/, '')}` };
	}
	return read;
}
