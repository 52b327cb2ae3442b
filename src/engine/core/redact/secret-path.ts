import { namesPattern } from '../paths/index.ts'

/** Files that hold secrets whatever their extension is. */
const ALWAYS =
  namesPattern(`.env .env.* *.env .envrc .netrc _netrc .npmrc .pypirc .pgpass .my.cnf .mylogin.cnf .htpasswd
  .git-credentials .dockercfg .docker/config.json .boto .s3cfg .passwd-s3fs rclone.conf .vault-token .terraformrc
  .aws/ .ssh/ .gnupg/ .kube/ .azure/ .gcloud/ .config/gh/ .gem/credentials .cargo/credentials .cargo/credentials.toml
  *.pem *.key *.p12 *.pfx *.p8 *.jks *.keystore *.bks *.ppk *.pvk *.kdb *.kdbx *.agekey *.gpg *.pgp *.ovpn *.keytab
  id_rsa* id_dsa* id_ecdsa* id_ed25519* ssh_host_*_key
  *.tfstate *.tfstate.* *.tfvars *.tfvars.json *.publishsettings master.key`)

/** Names that hold secrets unless the file is source code or prose, which may well be about secrets. */
const UNLESS_SOURCE =
  namesPattern(`secrets/ secret/ .secrets/ credentials/ .credentials/ credentials* *credentials.* *-credentials*
  secret.* secrets.* *.secret *.secrets *-secret.* *-secrets.* *_secret.* *_secrets.* service-account* service_account*
  token.json tokens.json .token .tokens *.token auth.json kubeconfig* *.kubeconfig oauth*.json`)

const HARMLESS =
  /(?:\.pub|\.(?:env|tfvars)\.(?:example|sample|template|dist|defaults?|schema)|(?:^|[/.-])(?:example|sample|template)\.env)$/i
const SOURCE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|pyi|go|rs|rb|java|kts?|scala|groovy|clj[cs]?|c|cc|cpp|cxx|h|hh|hpp|m|mm|cs|fs|vb|php|swift|dart|ex|exs|erl|hs|ml|mli|lua|pl|pm|r|jl|zig|nim|sh|bash|sql|proto|graphql|html?|css|scss|md|mdx|rst|adoc)$/i

/** Whether a path has the name of a file with secrets: no snapshot takes it while it is untracked, and no proposer reads it. */
export function secretPath(path: string): boolean {
  if (HARMLESS.test(path)) return false
  return ALWAYS.test(path) || (UNLESS_SOURCE.test(path) && !SOURCE.test(path))
}
