// Laid into each page before its own scripts: tells what ran, what the policy of contents refused, and what stands in the
// page that none of ours has.
(() => {
  const ran = [], refused = [];
  window.hit = (name) => { ran.push(String(name)); return name; };
  window.alert = window.confirm = window.prompt = window.hit;
  document.addEventListener("securitypolicyviolation", (event) => refused.push(`${event.violatedDirective} ${event.blockedURI}`));

  const NEVER = "object, embed, base, meta[http-equiv], math, marquee, template, audio, video, style, foreignObject, animate, frameset, noscript";
  const RUNS = /^[\s\u0000-\u0020]*(j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t|vbscript|data:text)/i;

  const isStrange = (element) =>
    element.matches(NEVER)
    || (element.matches("script") && !new URL(element.src || "about:blank").href.startsWith(window.location.origin))
    || (element.matches("iframe") && !element.src.startsWith(window.location.origin))
    || (element.matches("link, img") && !/^(\/|data:image|http:\/\/127\.0\.0\.1)/.test(element.getAttribute("href") || element.getAttribute("src") || "/"))
    || Array.from(element.attributes).some(({ name, value }) => /^(on|style$|srcdoc$)/i.test(name)
      || (/^(href|src|action|formaction|data|xlink:href)$/i.test(name) && RUNS.test(value)));

  window.watched = () => ({
    ran,
    refused,
    strange: Array.from(document.querySelectorAll("*")).filter(isStrange).map((element) => element.outerHTML.slice(0, 200)),
  });
})();
