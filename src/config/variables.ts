/**
 * Every environment variable this program reads, in one table that prints itself (`disclosure config`). A test holds it
 * against the sources: a variable that is read and is not here fails, and so does one that is here and is read nowhere.
 */

export interface Variable {
  readonly name: string;
  /** What holds where it is not set; null where nothing does. */
  readonly default: string | null;
  readonly meaning: string;
  /** Its value is never printed. */
  readonly secret?: true;
  /** `NAME_FILE` may name a file that holds the value instead. */
  readonly file?: true;
}

export const VARIABLES: readonly Variable[] = [
  { name: 'DISCLOSURE_DATA', default: 'data', meaning: '数据目录 (folder of the embedded log, the read models and the keys)' },
  {
    name: 'DISCLOSURE_KEYS',
    default: 'keys.db in the data folder',
    meaning: '密钥库文件 (file of the key store, where replicas on one machine share one)',
  },
  {
    name: 'DISCLOSURE_STRICT_FILES',
    default: '0',
    meaning: '1: 数据目录对其他账户开放时拒绝启动 (1 refuses a data folder that is open to other accounts)',
  },
  { name: 'EVENTSTOREDB_URL', default: null, meaning: '事件库地址 esdb://… (the log is in EventStoreDB; unset: embedded)' },
  {
    name: 'DISCLOSURE_NAMESPACE',
    default: 'disclosure-',
    meaning: '事件库中本台账的流名前缀 (prefix of this ledger’s streams in EventStoreDB; nothing else writes under it)',
  },
  { name: 'PORT', default: '3000', meaning: '服务端口, 0 = 任意空闲端口 (port of `serve`, 0 = any free one)' },
  {
    name: 'DISCLOSURE_HOSTS',
    default: null,
    meaning: '服务的其他主机名 (hosts `serve` is also reached under, such as behind a proxy: HOST[:PORT], commas between)',
  },
  {
    name: 'DISCLOSURE_HOST',
    default: '127.0.0.1',
    meaning: '服务监听地址 (address `serve` listens on; beyond the loopback it needs an issuer and TLS)',
  },
  { name: 'DISCLOSURE_TLS_CERT', default: null, meaning: '证书文件 (file of the certificate of `serve`, PEM; read again on SIGHUP)' },
  { name: 'DISCLOSURE_TLS_KEY', default: null, meaning: '证书私钥文件 (file of the private key of that certificate, PEM)' },
  { name: 'DISCLOSURE_URL', default: null, meaning: '代理后的地址 (https://… under which a proxy offers `serve`)' },
  {
    name: 'DISCLOSURE_PROXIES',
    default: null,
    meaning: '可信代理 (addresses and networks of proxies whose X-Forwarded-* are believed, commas between)',
  },
  {
    name: 'DISCLOSURE_OIDC_ISSUER',
    default: null,
    meaning: '身份签发方 (issuer of callers’ tokens: https://…, or `local`; unset: nobody is identified)',
  },
  { name: 'DISCLOSURE_OIDC_AUDIENCE', default: null, meaning: '令牌受众 (audience a token must name; not for `local`)' },
  {
    name: 'DISCLOSURE_OIDC_FILE',
    default: null,
    meaning: '多个签发方的文件 (file with several issuers: [{issuer, audience, actorClaim?, signIn?}])',
  },
  {
    name: 'DISCLOSURE_OIDC_CLIENT',
    default: null,
    meaning: '页面登录的客户端 (client id of the pages at DISCLOSURE_OIDC_ISSUER; its redirect URI is …/sign-in/callback)',
  },
  {
    name: 'DISCLOSURE_OIDC_CLIENT_SECRET',
    default: null,
    meaning: '客户端密钥 (what that client proves itself with; unset: a public client)',
    secret: true,
  },
  {
    name: 'DISCLOSURE_OPERATORS',
    default: null,
    meaning: '运维者 (callers that register agencies and grant permissions: [{issuer, subject}], or @FILE)',
  },
  { name: 'DISCLOSURE_RATE', default: '100', meaning: '每秒请求上限 (requests a second and caller, 0 = any number)' },
  { name: 'DISCLOSURE_PUBLIC', default: null, meaning: '`published`: 公布的表无需令牌 (published tables are shown without a token)' },
  {
    name: 'DISCLOSURE_TOKEN',
    default: null,
    secret: true,
    meaning: '令牌 (token that commands send to a running service, where callers are identified)',
  },
  { name: 'LOG_LEVEL', default: 'warn', meaning: '日志级别 (level of the log on stderr: trace, debug, info, warn, error, fatal, silent)' },
  {
    name: 'DISCLOSURE_LEDGER_KEY',
    default: null,
    secret: true,
    file: true,
    meaning: '签名私钥 (private keys the service signs checkpoints with, one a line; or one PEM)',
  },
  { name: 'DISCLOSURE_LEDGER_NAME', default: null, meaning: '台账名称 (name of the ledger, where the key is a PEM)' },
  {
    name: 'DISCLOSURE_LEDGER_VKEYS',
    default: null,
    file: true,
    meaning: '可信公钥 (verifier keys of earlier keys and of other replicas, one a line)',
  },
  { name: 'DISCLOSURE_CHECKPOINT_SECONDS', default: '60', meaning: '签名间隔秒数 (seconds between two checkpoints, 1 to 86400)' },
  {
    name: 'DISCLOSURE_WITNESSES',
    default: null,
    file: true,
    meaning: '见证方 (whom the service asks to cosign: `verifier-key URL`, one a line)',
  },
  {
    name: 'DISCLOSURE_WITNESS_KEY',
    default: null,
    secret: true,
    file: true,
    meaning: '见证私钥 (of `disclosure witness`: its private key)',
  },
  { name: 'DISCLOSURE_WITNESS_NAME', default: null, meaning: '见证方名称 (name of the witness, where the key is a PEM)' },
  {
    name: 'DISCLOSURE_WITNESS_LOGS',
    default: null,
    file: true,
    meaning: '被见证台账的公钥 (of `disclosure witness`: verifier keys of the ledgers it signs for, one a line)',
  },
  { name: 'DISCLOSURE_WITNESS_DATA', default: 'witness', meaning: '见证方数据目录 (folder of `disclosure witness`)' },
  { name: 'DISCLOSURE_WITNESS_HOST', default: '127.0.0.1', meaning: '见证方监听地址 (address `disclosure witness` listens on)' },
];

export interface Setting {
  readonly name: string;
  /** As set, secrets masked; null where it is not set. */
  readonly value: string | null;
  readonly default: string | null;
  readonly meaning: string;
}

const MASK = '***';

/** What the environment says of each variable, in the order of the table; a `NAME_FILE` that is set follows its own. */
export function settings(env: Readonly<Record<string, string | undefined>>): Setting[] {
  return VARIABLES.flatMap(({ name, default: otherwise, meaning, secret, file }) => {
    const said = env[name] ?? '';
    const value = said === '' ? null : secret === true ? MASK : withoutPassword(said);
    const own = { name, value, default: otherwise, meaning };
    const from = file === true ? (env[`${name}_FILE`] ?? '') : '';
    return from === ''
      ? [own]
      : [own, { name: `${name}_FILE`, value: from, default: null, meaning: `${name} 所在文件 (file that holds it)` }];
  });
}

/** An address may bear a password between its name and its host. */
function withoutPassword(text: string): string {
  return text.replace(/^([a-z+]+:\/\/[^:@/]*):[^/?#]*@/i, `$1:${MASK}@`);
}
