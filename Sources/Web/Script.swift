/// The scripts of the site. Every page works without them, but for passkeys, which no browser has without.
public enum Script {
    /// On every page: moves to what is wrong with a form, offers the visitor's own place, keeps filters folded on
    /// small screens.
    public static let page = #"""
        "use strict";
        document.documentElement.classList.add("js");
        (function () {
          var problem = document.querySelector("[data-focus]");
          if (problem) { problem.setAttribute("tabindex", "-1"); problem.focus(); }
          document.querySelectorAll("[data-my-place]").forEach(function (button) {
            button.addEventListener("click", function () {
              var field = document.getElementById(button.getAttribute("data-my-place"));
              if (!navigator.geolocation || !field) { return; }
              button.textContent = "Finding where you are…";
              navigator.geolocation.getCurrentPosition(function (here) {
                field.value = here.coords.latitude.toFixed(3) + "," + here.coords.longitude.toFixed(3);
                button.textContent = "Found: now press Search";
              }, function () { button.textContent = "Could not find you: write a postcode"; }, { timeout: 10000 });
            });
          });
          document.querySelectorAll("[data-print]").forEach(function (button) {
            button.addEventListener("click", function () { window.print(); });
          });
          var back = document.querySelector(".govuk-back-link");
          var from = document.referrer ? new URL(document.referrer) : null;
          if (back && from && from.origin === location.origin && from.pathname === back.getAttribute("href")) {
            back.href = from.pathname + from.search;
          }
          var wide = window.matchMedia("(min-width: 52em)");
          var filters = document.querySelector(".app-filters details");
          if (filters) {
            var set = function () { filters.open = wide.matches || filters.hasAttribute("data-open"); };
            set();
            wide.addEventListener("change", set);
          }
        })();

        """#

    /// On the map: the wards and the results as a map that can be moved, drawn by Leaflet from our own data.
    public static let map = #"""
        "use strict";
        (function () {
          var holder = document.querySelector("[data-map]");
          if (!holder || !window.L) { document.documentElement.classList.add("js-map-failed"); return; }
          var map = L.map(holder, { zoomSnap: 0.5, attributionControl: true });
          map.attributionControl.setPrefix(false);
          map.attributionControl.addAttribution("Contains OS data © Crown copyright and database right 2020 to 2024");
          var points = [];
          document.querySelectorAll("[data-lat]").forEach(function (item) {
            var at = [Number(item.getAttribute("data-lat")), Number(item.getAttribute("data-lon"))];
            var number = item.getAttribute("data-number");
            var icon = L.divIcon({ className: "app-result--number", html: number, iconSize: [30, 30] });
            var link = item.querySelector("a");
            var popup = document.createElement("a");
            popup.href = link.href;
            popup.textContent = link.textContent;
            L.marker(at, { icon: icon, title: link.textContent, alt: link.textContent }).addTo(map).bindPopup(popup);
            points.push(at);
          });
          var place = holder.getAttribute("data-place");
          if (place) {
            var here = place.split(",").map(Number);
            L.circleMarker(here, { radius: 9, color: "#a3180f", fillColor: "#a3180f", fillOpacity: 0.8 }).addTo(map)
              .bindTooltip("Your place");
            points.push(here);
          }
          var city = [[52.381, -2.034], [52.609, -1.728]];
          map.fitBounds(points.length ? points : city, { padding: [30, 30], maxZoom: 15 });
          fetch(holder.getAttribute("data-map")).then(function (answer) {
            return answer.json();
          }).then(function (wards) {
            L.geoJSON(wards, {
              style: { color: "#0b4f5c", weight: 1, fillColor: "#dfe9eb", fillOpacity: 0.7 },
              onEachFeature: function (ward, layer) {
                var name = document.createElement("span");
                name.textContent = ward.properties.ward_name;
                layer.bindTooltip(name);
              }
            }).addTo(map).bringToBack();
          });
        })();

        """#

    /// On the pages that ask for a passkey: puts the question to the browser and sends its answer with the form. A
    /// passkey alone cannot be had without a script; the page says so, and has the code beside it.
    public static let passkey = #"""
        "use strict";
        (function () {
          var holder = document.querySelector("[data-passkey]");
          if (!holder || !window.PublicKeyCredential || !navigator.credentials) { return; }
          var form = holder.closest("form");
          var said = form.querySelector("[data-passkey-said]");
          var button = holder.querySelector("button");
          var isNew = holder.getAttribute("data-passkey") === "create";
          var isBusy = false;
          form.querySelector("[data-passkey-need]").hidden = true;
          holder.hidden = false;

          function bytes(text) {
            var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
            return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
          }
          function text(buffer) {
            var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
            return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
          }
          function named(list) {
            return list.map(function (one) {
              return { type: one.type, id: bytes(one.id), transports: one.transports };
            });
          }
          function question() {
            var options = JSON.parse(holder.getAttribute("data-options"));
            var known = window.PublicKeyCredential;
            if (isNew && known.parseCreationOptionsFromJSON) { return known.parseCreationOptionsFromJSON(options); }
            if (!isNew && known.parseRequestOptionsFromJSON) { return known.parseRequestOptionsFromJSON(options); }
            options.challenge = bytes(options.challenge);
            if (isNew) { options.user.id = bytes(options.user.id); }
            if (options.excludeCredentials) { options.excludeCredentials = named(options.excludeCredentials); }
            if (options.allowCredentials) { options.allowCredentials = named(options.allowCredentials); }
            return options;
          }
          function written(passkey) {
            if (passkey.toJSON) { return passkey.toJSON(); }
            var from = passkey.response;
            var response = { clientDataJSON: text(from.clientDataJSON) };
            if (isNew) {
              response.attestationObject = text(from.attestationObject);
              response.transports = from.getTransports ? from.getTransports() : [];
            } else {
              response.authenticatorData = text(from.authenticatorData);
              response.signature = text(from.signature);
              if (from.userHandle) { response.userHandle = text(from.userHandle); }
            }
            return { type: passkey.type, id: passkey.id, rawId: text(passkey.rawId), response: response };
          }
          function asked() {
            try {
              var options = { publicKey: question() };
              return isNew ? navigator.credentials.create(options) : navigator.credentials.get(options);
            } catch (fault) { return Promise.reject(fault); }
          }
          form.addEventListener("submit", function (event) {
            event.preventDefault();
            if (isBusy) { return; }
            isBusy = true;
            said.textContent = "";
            asked().then(function (passkey) {
              form.elements.answer.value = JSON.stringify(written(passkey));
              form.submit();
            }).catch(function (fault) {
              isBusy = false;
              said.textContent = fault && fault.name === "InvalidStateError"
                ? "This device has a passkey for your account already."
                : "No passkey was used. Try again" + (isNew ? "." : ", or write a code.");
              button.focus();
            });
          });
        })();

        """#
}
