/// Our own style, after that of the design system: our name, our colours, and the few pieces it has not.
///
/// Colours: teal 0b4f5c for what is ours, amber f2b134 for the line under it; each pair of text and ground is
/// at least 4.5 to 1.
public enum Style {
    public static let css = #"""
        .app-header{background:#0b4f5c;border-bottom:6px solid #f2b134;color:#fff}
        .app-header__inner{display:flex;flex-wrap:wrap;gap:8px 32px;align-items:center;justify-content:space-between;padding:12px 0}
        .app-header__name{font:700 26px/1.1 "Continuum Sans",arial,sans-serif;color:#fff;text-decoration:none}
        .app-header__name:hover{text-decoration:underline}
        .app-header__place{display:block;font-size:15px;font-weight:400;padding-top:3px}
        .app-header__nav ul{display:flex;flex-wrap:wrap;gap:4px 22px;list-style:none;margin:0;padding:0}
        .app-header__nav a{font:400 18px/1.6 "Continuum Sans",arial,sans-serif;color:#fff;text-underline-offset:4px}
        .app-header__nav a[aria-current]{font-weight:700;text-decoration-thickness:3px}
        .app-header a:focus{outline:3px solid transparent;color:#0b0c0c;background:#fd0;box-shadow:0 -2px #fd0,0 4px #0b0c0c;text-decoration:none}
        .app-badge{background:#f2b134;color:#0b0c0c;border-radius:10px;padding:0 8px;font-weight:700;font-size:16px}
        .app-house-notice{border-left:6px solid #54319f;background:#efedf5;padding:10px 14px;margin:16px 0 0;font:400 16px/1.4 "Continuum Sans",arial,sans-serif}
        .app-footer{background:#f3f2f1;border-top:6px solid #0b4f5c;padding:24px 0;margin-top:32px;font:400 16px/1.5 "Continuum Sans",arial,sans-serif;color:#0b0c0c}
        .app-footer__links{list-style:none;padding:0;margin:0 0 12px;display:flex;flex-wrap:wrap;gap:8px 24px}
        .app-footer a{color:#0b0c0c}
        .govuk-link,.govuk-back-link,.app-header__name{text-underline-offset:3px}
        .govuk-link:link{color:#0b4f5c}.govuk-link:visited{color:#54319f}.govuk-link:hover{color:#072f37}.govuk-link:focus{color:#0b0c0c}
        .govuk-button{background:#0b4f5c;box-shadow:0 2px 0 #062a31}
        .govuk-button:hover{background:#083f4a}
        .govuk-button--secondary{background:#e6e9ea;box-shadow:0 2px 0 #929191}
        .govuk-button--secondary:hover{background:#d3d8d9}
        .govuk-button:focus:not(:active):not(:hover),.govuk-button--secondary:focus:not(:active):not(:hover){background:#fd0}
        .govuk-notification-banner{border-color:#0b4f5c;background:#0b4f5c}
        .govuk-pagination__item--current,.govuk-pagination__item--current:hover{background:#0b4f5c}
        .app-link-button{background:none;border:0;padding:6px 0;margin:0;color:#0b4f5c;text-decoration:underline;text-underline-offset:3px;cursor:pointer;font:400 17px/1.4 "Continuum Sans",arial,sans-serif}
        .app-link-button:focus{outline:3px solid transparent;color:#0b0c0c;background:#fd0;box-shadow:0 -2px #fd0,0 4px #0b0c0c;text-decoration:none}
        .app-hero{background:#e8f1f2;border-left:6px solid #0b4f5c;padding:20px;margin:0 0 32px}
        .app-search__row{display:flex;flex-wrap:wrap;gap:0 20px;align-items:flex-end}
        .app-search__row>.govuk-form-group{flex:1 1 220px;margin-bottom:16px;min-width:0}
        .app-search__row>.govuk-form-group.app-narrow,.app-search__row>.app-narrow{flex:0 1 110px}
        .app-search__row .app-narrow .govuk-form-group{margin-bottom:16px}.app-search__row .govuk-button{margin-bottom:18px}
        .app-columns{display:grid;grid-template-columns:minmax(0,1fr);gap:0 40px}
        @media (min-width:52em){.app-columns{grid-template-columns:280px minmax(0,1fr)}}
        .app-filters .govuk-details__text{padding:0 0 0 2px;border:0}.app-filters select{width:100%}.app-filters .govuk-form-group{margin-bottom:22px}.app-filters fieldset{margin:0}
        .app-filters .govuk-checkboxes__label{line-height:1.3}
        .app-count,.app-source{color:#4d5356;font-size:15px}
        .app-source{padding-top:4px;line-height:1.35}
        .app-results{list-style:none;margin:0;padding:0;counter-reset:none}
        .app-result{border-top:1px solid #b1b4b6;padding:18px 0 12px}
        .app-result h3,.app-result h2{margin:0 0 6px;font:700 21px/1.25 "Continuum Sans",arial,sans-serif;overflow-wrap:anywhere}
        .app-result p{margin:0 0 8px;font:400 17px/1.45 "Continuum Sans",arial,sans-serif}
        .app-tags{display:flex;flex-wrap:wrap;gap:6px;margin:0 0 8px;padding:0;list-style:none}
        .app-tags .govuk-tag{max-width:none}
        .app-reasons{list-style:none;margin:6px 0 8px;padding:0;font:400 17px/1.4 "Continuum Sans",arial,sans-serif}
        .app-reasons li{padding:2px 0 2px 28px;position:relative}
        .app-reasons li::before{position:absolute;left:0;width:20px;text-align:center;font-weight:700}
        .app-yes::before{content:"✓";color:#00582e}.app-no::before{content:"✗";color:#a3180f}.app-unknown::before{content:"?";color:#54319f}.app-note::before{content:"•";color:#4d5356}
        .app-result form{display:inline}
        .app-actions{display:flex;flex-wrap:wrap;gap:0 20px;align-items:center;margin:0 0 12px}
        .app-toolbar{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:center;border-top:2px solid #0b4f5c;padding:10px 0;font:400 17px/1.5 "Continuum Sans",arial,sans-serif}
        .app-toolbar [aria-current]{font-weight:700}
        .app-table{overflow-x:auto}
        .app-table:focus{outline:3px solid #fd0}
        .app-compare th,.app-compare td{min-width:150px;vertical-align:top}
        .app-compare tbody th,.app-compare thead th:first-child{position:sticky;left:0;background:#fff;z-index:1;min-width:96px;max-width:120px}
        .app-result:focus{outline:3px solid #fd0;outline-offset:4px}
        .app-actions .govuk-checkboxes__label{white-space:nowrap;max-width:none}
        .app-result .app-letter{white-space:pre-line;border-left:4px solid #b1b4b6;padding-left:14px}
        .app-large :is(p,li){font-size:24px;line-height:1.5}.app-large h2{font-size:28px}
        .app-urgent{border:4px solid #a3180f;background:#fff;padding:16px 20px 4px;margin:0 0 24px}
        .app-map{margin:0 0 20px}
        .app-map--plain{width:100%;height:auto;max-height:760px;background:#eef3f4;border:1px solid #b1b4b6}
        .app-map__canvas{height:min(70vh,620px);border:1px solid #b1b4b6;background:#eef3f4}
        .app-map figcaption{font:400 15px/1.4 "Continuum Sans",arial,sans-serif;color:#4d5356;padding-top:6px}
        .app-map a:focus circle{stroke:#fd0;stroke-width:6}
        .app-map--plain text{font:700 24px arial,sans-serif;fill:#fff}
        .app-grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:8px 24px;list-style:none;margin:0 0 24px;padding:0;font:400 18px/1.4 "Continuum Sans",arial,sans-serif}
        .app-example{border-top:1px solid #b1b4b6;padding:20px 0}
        .app-glossary dt{font:700 19px/1.35 "Continuum Sans",arial,sans-serif;margin-top:16px}
        .app-glossary dd{margin:2px 0 0;font:400 18px/1.45 "Continuum Sans",arial,sans-serif}
        .app-result--number{float:left;min-width:30px;height:30px;border-radius:15px;background:#0b4f5c;color:#fff;text-align:center;font:700 16px/30px arial,sans-serif;margin-right:8px}
        h1,h2,h3,p,li,td,th,dd,dt,a{overflow-wrap:anywhere}
        .app-table :is(th,td,a,button){overflow-wrap:break-word}
        .app-header__form{display:inline}
        .app-header__button{background:none;border:0;padding:0;margin:0;color:#fff;text-decoration:underline;text-underline-offset:3px;cursor:pointer;font:400 18px/1.6 "Continuum Sans",arial,sans-serif}
        .app-header__button:focus{outline:3px solid transparent;color:#0b0c0c;background:#fd0;box-shadow:0 -2px #fd0,0 4px #0b0c0c;text-decoration:none}
        .app-decision{border-top:1px solid #b1b4b6;padding-top:15px;margin-bottom:30px}
        .app-pair{width:100%;table-layout:fixed}.app-pair th:first-child{width:26%}
        .app-pair th,.app-pair td{padding:6px 8px 6px 0;font-size:17px;line-height:1.3}
        .app-mark{display:block;font-weight:400;font-size:15px;color:#4d5356}
        .app-mark--same::before{content:"= "}.app-mark--alike::before{content:"≈ "}.app-mark--different::before{content:"≠ "}
        .app-pair tr.app-differs td{background:#fbe9e7;padding-left:6px}.app-pair tr.app-differs .app-mark{color:#a3180f;font-weight:700}
        .app-pair tr.app-alike td{background:#fdf5e0;padding-left:6px}
        .app-answers{display:flex;flex-wrap:wrap;gap:0 14px;align-items:center;position:sticky;bottom:0;background:#fff;border-top:2px solid #0b4f5c;padding:12px 0 0;z-index:2}
        .app-answers .govuk-button{margin-bottom:12px}html:has(.app-answers){scroll-padding-bottom:110px}
        @media (max-width:40em){.app-answers{flex-wrap:nowrap;gap:0 6px;align-items:stretch}.app-answers .govuk-button{width:auto;flex:1;padding:6px 4px;font-size:16px}.app-pair th,.app-pair td{font-size:15px}.app-pair th:first-child{width:29%}}
        .app-interval{list-style:none;margin:0 0 8px;padding:0;font:400 16px/1.35 "Continuum Sans",arial,sans-serif}
        .app-interval li{padding:6px 0;border-top:1px solid #d8dcde;break-inside:avoid}
        .app-interval svg{display:block;width:100%;height:16px;max-width:640px}
        .app-timetable{display:grid;grid-template-columns:minmax(0,1fr);gap:0 40px;align-items:start;margin-bottom:24px}
        @media (min-width:52em){.app-timetable{grid-template-columns:minmax(0,400px) minmax(0,1fr)}}
        .app-timetable-form select{width:100%;max-width:640px}
        .app-timeline{margin:0 0 24px}.app-timeline svg{display:block;width:100%;max-width:420px;height:auto}
        .app-timeline text{font-family:"Continuum Sans",arial,sans-serif}
        .app-timeline figcaption{font:400 15px/1.4 "Continuum Sans",arial,sans-serif;color:#4d5356;padding-top:6px}
        .app-limits{list-style:none;margin:0;padding:0}
        .app-limit{border-top:2px solid #0b4f5c;padding:14px 0 10px;break-inside:avoid}
        .app-limit h3{margin:0 0 2px;font:700 22px/1.25 "Continuum Sans",arial,sans-serif}
        .app-limit p{margin:0 0 8px;font:400 18px/1.45 "Continuum Sans",arial,sans-serif}
        .app-limit .app-limit__title{font-weight:700}.app-limit .app-source{font-size:15px}
        .app-limit .app-limit__act{border-left:4px solid #a3180f;padding-left:12px}
        .app-limit__point{border-left:4px solid #54319f;padding:2px 0 2px 12px;margin:0 0 10px}
        .app-limit .govuk-details{margin-bottom:8px}
        .app-js-only{display:none}.js .app-js-only{display:inline-block}
        .js .app-map__canvas{display:block}.js .app-map--plain{display:none}.js-map-failed .app-map__canvas{display:none}
        .js-map-failed .app-map--plain{display:block}
        @media print{.app-header__nav,.app-footer__links,.app-filters,.app-hero form,.app-toolbar,.govuk-pagination,.app-actions,.govuk-back-link,.govuk-skip-link{display:none!important}.app-header{background:none;color:#000;border-color:#000}.app-header__name{color:#000}.app-result{break-inside:avoid}.govuk-button,[data-print],.app-timetable-form,.app-ways,.app-limit .govuk-details{display:none!important}.govuk-link:after{content:""!important}body{font-size:11pt}}
        """#
}
