/// The scripts of the site. Every page works without them.
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
}
