/** Options that openssl's commands have (apps/{x509,req,rsa,pkey,verify,genrsa,genpkey,rand,passwd}.c @ 3.0): those the simulator lacks are no unknown ones. */

const KEY = 'passin passout inform outform engine provider provider-path propquery help';
const RANDOM = 'rand writerand';
const DIGESTS =
	'md4 md5 mdc2 rmd160 sha1 sha224 sha256 sha384 sha512 sha512-224 sha512-256 sha3-224 sha3-256 sha3-384 sha3-512 sm3 blake2b512 blake2s256 shake128 shake256';
const CHAIN =
	'CApath CAstore no-CAfile no-CApath no-CAstore trusted crl_check crl_check_all CRLfile crl_download show_chain verbose nameopt issuer_checks attime no_check_time check_ss_sig policy policy_check explicit_policy inhibit_any inhibit_map x509_strict extended_crl use_deltas policy_print verify_depth verify_email verify_name trusted_first suiteB_128 suiteB_192 suiteB_128_only partial_chain no_alt_chains auth_level allow_proxy_certs purpose vfyopt ignore_critical untrusted';

const OPTIONS: Readonly<Record<string, string>> = {
	x509: `${KEY} ${RANDOM} ${DIGESTS} x509toreq vfyopt signkey keyform nocert next_serial preserve_dates force_pubkey sigopt badsig CAform CAkeyform dateopt alias subject_hash_old issuer_hash issuer_hash_old ocspid ocsp_uri purpose checkhost checkemail checkip setalias clrtrust addtrust clrreject addreject key subj trustout clrext nameopt certopt email hash subject_hash copy_extensions`,
	req: `${KEY} ${RANDOM} ${DIGESTS} keyform keygen_engine vfyopt pkeyopt sigopt section subj input_string copy_extensions x509v1 precert modulus newhdr nameopt reqopt multivalue-rdn set_serial CA CAkey verbose nodes`,
	rsa: `${KEY} text pubin RSAPublicKey_in RSAPublicKey_out strparse pvk-strong pvk-weak pvk-none aes128 aes192 aes256 aes-128-cbc aes-192-cbc aes-256-cbc des des3`,
	pkey: `${KEY} pubin pubcheck text_pub ec_param_enc ec_conv_form traditional cipher text aes128 aes192 aes256 aes-256-cbc des3`,
	verify: `${KEY} ${CHAIN}`,
	genrsa: `${KEY} ${RANDOM} primes aes128 aes192 aes256 aes-128-cbc aes-192-cbc aes-256-cbc camellia128 des des3 idea`,
	genpkey: `${KEY} ${RANDOM} genparam paramfile text pass config cipher aes128 aes256 aes-256-cbc des3`,
	rand: `${KEY} ${RANDOM}`,
	passwd: `${KEY} ${RANDOM} 5 6 aixmd5 noverify quiet crypt`,
};

/** Whether upstream's command has an option of this name. */
export const upstreamHas = (command: string, option: string): boolean =>
	(OPTIONS[command] ?? '').split(' ').includes(option);
